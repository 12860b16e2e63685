using System.Security.Cryptography;
using System.Text.Json;
using PolicyLayer.Json.Values;
using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Proxy.Guarding;

/// <summary>
/// Calls that come back after a tool asked for input. What the tool wants to find again goes to the client sealed, with the decision that
/// the retry continues, and is good for the same caller, tool and arguments. Anything else that a client brings is taken off the call,
/// which then is one of its own. Nothing that the client answers is ever an approval.
/// </summary>
internal sealed class Continuations(ContinuationSealer sealer)
{
    private const string InputRequired = "input_required";

    private static readonly ReadOnlyMemory<byte> Nothing = "\"\""u8.ToArray();

    /// <summary>Seals with the host's keys, or, without, with one that ends with the process: so do the calls.</summary>
    public static ContinuationSealer SealerOf(McpProxyOptions options) =>
        new(options.Keys ?? ProcessKeys(), options.InputWithin, options.TimeProvider);

    /// <summary>Whether a result asks for input.</summary>
    public static bool Asks(JsonRpcMessage response) => Members.FindText(response.Body, "resultType"u8) == InputRequired;

    /// <summary>Whether a call's outcome comes behind its answer: of a task, or of a kind of result that nobody knows yet.</summary>
    public static bool GoesOn(JsonRpcMessage response) =>
        Members.FindText(response.Body, "resultType"u8) is not (null or "complete") || Members.Find(response.Body, "task"u8, out _);

    /// <summary>The decision that a call goes on with; null for a call of its own.</summary>
    /// <param name="request">The request.</param>
    /// <param name="call">The call.</param>
    /// <param name="principal">Who calls.</param>
    /// <param name="state">What the tool wanted to find again; null for nothing.</param>
    public string? Open(JsonRpcMessage request, in ToolCall call, string principal, out string? state)
    {
        state = null;
        return Members.FindText(request.Body, "requestState"u8) is { } text ? sealer.Open(text, call, principal, out state) : null;
    }

    /// <summary>The request as its tool gets it: with what it wanted to find again, or without all that the client brought.</summary>
    /// <param name="request">The request.</param>
    /// <param name="continues">Whether it goes on with another one.</param>
    /// <param name="state">What the tool wanted to find again.</param>
    public static ReadOnlyMemory<byte> Unseal(JsonRpcMessage request, bool continues, string? state)
    {
        List<TextSpan> members = [];
        List<bool> isTaken = [];
        var edits = new TextEdits();
        foreach (JsonValue.Property property in request.Body.EnumerateProperties())
        {
            TextSpan name = request.PlaceOfName(property.Value);
            TextSpan value = request.PlaceOf(property.Value);
            bool isState = property.Name.Equals("requestState"u8);
            if (isState && continues && state is not null)
            {
                edits.Replace(value, JsonSerializer.SerializeToUtf8Bytes(state, TextJson.Default.String));
            }

            members.Add(new TextSpan(name.Start, value.End - name.Start));
            isTaken.Add(isState ? !continues || state is null : !continues && property.Name.Equals("inputResponses"u8));
        }

        edits.Take(members, i => isTaken[i]);
        return edits.ApplyTo(request.Text);
    }

    /// <summary>Makes a result what goes to the client; what can't be continued comes back as a call of its own.</summary>
    /// <param name="response">A result that asks for input.</param>
    /// <param name="judged">The call.</param>
    /// <param name="edits">Takes the changes.</param>
    public void Seal(JsonRpcMessage response, JudgedCall judged, TextEdits edits)
    {
        string? state = Members.FindText(response.Body, "requestState"u8);
        string? sealedText = judged.Call is { } call ? sealer.Seal(judged.Decision, call, judged.Principal, state) : null;
        ReadOnlyMemory<byte> text = sealedText is null ? Nothing : JsonSerializer.SerializeToUtf8Bytes(sealedText, TextJson.Default.String);
        if (Members.Find(response.Body, "requestState"u8, out JsonValue old))
        {
            edits.Replace(response.PlaceOf(old), text);
        }
        else
        {
            edits.Insert(response.PlaceOf(response.Body).Start + 1, (byte[])[.. "\"requestState\":"u8, .. text.Span, (byte)',']);
        }
    }

    private static PolicyLayerKeys ProcessKeys() => new(
        "process", new Dictionary<string, byte[]> { ["process"] = RandomNumberGenerator.GetBytes(PolicyLayerKeys.KeyLength) });
}
