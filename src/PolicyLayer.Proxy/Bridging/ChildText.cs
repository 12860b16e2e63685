using System.Globalization;
using System.Text;
using PolicyLayer.Json.Values;
using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Proxy.Bridging;

/// <summary>
/// Writes callers' messages as a child gets them, and the child's as callers do: ids and what stands for ids, and nothing else.
/// </summary>
internal static class ChildText
{
    private static readonly KnownNames Meta = new("progressToken", "io.modelcontextprotocol/subscriptionId");

    /// <summary>What of a request's <c>_meta</c> has two readings; null for nothing.</summary>
    public static MessageFault? FaultOf(JsonRpcMessage request) =>
        Members.Find(request.Body, "_meta"u8, out JsonValue meta) ? Meta.FaultOf(meta) : null;

    /// <summary>The key that an id of a child's has.</summary>
    public static string KeyOf(long number) => ((double)number).ToString("R", CultureInfo.InvariantCulture);

    /// <summary>An id of a child's.</summary>
    public static JsonRpcId IdOf(long number) => new(KeyOf(number), BytesOf(number));

    /// <summary>What a request wants its progress told by, as it was written; null for none.</summary>
    public static ReadOnlyMemory<byte>? TokenOf(JsonRpcMessage request) =>
        Members.Find(request.Body, "_meta"u8, out JsonValue meta) && Members.Find(meta, "progressToken"u8, out JsonValue token)
            ? request.TextOf(token)
            : (ReadOnlyMemory<byte>?)null;

    /// <summary>A request as the child gets it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="number">Its id there.</param>
    /// <param name="hidesToken">Whether its progress is told by that too.</param>
    public static ReadOnlyMemory<byte> ToChild(JsonRpcMessage request, long number, bool hidesToken)
    {
        var edits = new TextEdits();
        byte[] text = BytesOf(number);
        Members.Find(request.Envelope, "id"u8, out JsonValue id);
        edits.Replace(request.PlaceOf(id), text);
        if (hidesToken
            && Members.Find(request.Body, "_meta"u8, out JsonValue meta)
            && Members.Find(meta, "progressToken"u8, out JsonValue token))
        {
            edits.Replace(request.PlaceOf(token), text);
        }

        return edits.ApplyTo(request.Text);
    }

    /// <summary>An answer as its caller gets it.</summary>
    public static JsonRpcMessage? ToCaller(JsonRpcMessage answer, ChildRequest request)
    {
        var edits = new TextEdits();
        Members.Find(answer.Envelope, "id"u8, out JsonValue id);
        edits.Replace(answer.PlaceOf(id), request.Id.Text);
        if (SubscriptionOf(answer, out JsonValue subscription) is { } named && named.Key == KeyOf(request.Number))
        {
            edits.Replace(answer.PlaceOf(subscription), request.Id.Text);
        }

        return MessageReader.ReadServer(edits.ApplyTo(answer.Text)).Message;
    }

    /// <summary>A message with another value in a place.</summary>
    public static JsonRpcMessage? With(JsonRpcMessage message, JsonValue value, ReadOnlyMemory<byte> text)
    {
        var edits = new TextEdits();
        edits.Replace(message.PlaceOf(value), text);
        return MessageReader.ReadServer(edits.ApplyTo(message.Text)).Message;
    }

    /// <summary>The subscription that a message is for; null for none.</summary>
    public static JsonRpcId? SubscriptionOf(JsonRpcMessage message, out JsonValue value)
    {
        value = default;
        return Members.Find(message.Body, "_meta"u8, out JsonValue meta)
            && Members.Find(meta, "io.modelcontextprotocol/subscriptionId"u8, out value)
                ? message.IdOf(value)
                : null;
    }

    /// <summary>The request that a notification names by a member of its <c>params</c>; null for none.</summary>
    public static JsonRpcId? IdIn(JsonRpcMessage notification, ReadOnlySpan<byte> member, out JsonValue value) =>
        Members.Find(notification.Body, member, out value) ? notification.IdOf(value) : null;

    /// <summary>The code of an error; null for none that can be read.</summary>
    public static int? CodeOf(JsonRpcMessage answer) =>
        Members.Find(answer.Envelope, "error"u8, out JsonValue error)
        && Members.Find(error, "code"u8, out JsonValue code)
        && int.TryParse(code.Raw, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
            ? number
            : null;

    private static byte[] BytesOf(long number) => Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));
}
