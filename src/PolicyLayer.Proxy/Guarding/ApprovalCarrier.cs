using System.Text.Json;
using PolicyLayer.Json.Values;
using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Proxy.Guarding;

/// <summary>
/// Takes what waits for a person to a client that shows addresses: as a request for input, to which it comes back with the same call. That
/// is judged anew, and is told in words if it still waits, so that no client comes back for ever. Nothing that the client answers counts.
/// </summary>
/// <param name="sealer">Seals which call was sent back.</param>
/// <param name="template">Where people answer; null for nowhere, and no call is sent back.</param>
internal sealed class ApprovalCarrier(ContinuationSealer sealer, string? template)
{
    /// <summary>The answer that sends a call back; null for one that is to be told in words.</summary>
    /// <param name="request">The call's request, of a revision whose results may ask for input.</param>
    /// <param name="denial">Why it isn't allowed.</param>
    /// <param name="call">The call.</param>
    /// <param name="principal">Who calls.</param>
    public ReadOnlyMemory<byte>? Write(JsonRpcMessage request, ToolCallDenial denial, in ToolCall call, string principal)
    {
        if (template is null
            || !ApprovalAddress.IsAsked(denial)
            || !ShowsAddresses(request)
            || IsReturn(request, call, principal)
            || sealer.SealWaiting(call, principal) is not { } state)
        {
            return null;
        }

        string address = ApprovalAddress.Of(denial.ApprovalId!, template);
        return JsonRpcText.Result(request.Id!.Value, writer => WriteMembers(writer, denial, address, state));
    }

    private bool IsReturn(JsonRpcMessage request, in ToolCall call, string principal) =>
        Members.FindText(request.Body, "requestState"u8) is { } text && sealer.IsWaiting(text, call, principal);

    private static bool ShowsAddresses(JsonRpcMessage request) =>
        Members.Find(request.Body, "_meta"u8, out JsonValue meta)
        && Members.Find(meta, "io.modelcontextprotocol/clientCapabilities"u8, out JsonValue capabilities)
        && Members.Find(capabilities, "elicitation"u8, out JsonValue elicitation)
        && Members.Find(elicitation, "url"u8, out JsonValue url)
        && url.Kind == JsonKind.Object;

    private static void WriteMembers(Utf8JsonWriter writer, ToolCallDenial denial, string address, string state)
    {
        writer.WriteString("resultType"u8, "input_required"u8);
        writer.WriteStartObject("inputRequests"u8);
        writer.WriteStartObject("policylayer/approval"u8);
        writer.WriteString("method"u8, "elicitation/create"u8);
        writer.WriteStartObject("params"u8);
        writer.WriteString("mode"u8, "url"u8);
        writer.WriteString("url"u8, address);
        writer.WriteString("message"u8, $"{denial.Message} The request {denial.ApprovalId} is answered at this address.");
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteString("requestState"u8, state);
        writer.WriteStartObject("_meta"u8);
        writer.WritePropertyName(Denial.MetaName);
        denial.WriteTo(writer);
        writer.WriteEndObject();
    }
}
