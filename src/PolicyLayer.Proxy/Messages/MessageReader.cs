using System.Globalization;
using PolicyLayer.Json.Scanning;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Proxy.Messages;

/// <summary>
/// Reads one JSON-RPC message. INVARIANT: what it accepts has one meaning, whichever JSON reader the other side has: no two members of one
/// name, and none that is another's but for case, in the message itself, in its <c>params</c> or <c>result</c> and in their <c>_meta</c>.
/// What stands deeper is the tools' business, or Core's.
/// </summary>
internal static class MessageReader
{
    private const int MaxDepth = 256;
    private const int MaxIdBytes = 512;

    private static readonly KnownNames Envelope = new("jsonrpc", "id", "method", "params", "result", "error");

    private static readonly KnownNames CallParams = new("name", "arguments", "_meta", "requestState", "inputResponses", "task");

    private static readonly KnownNames Result = new(
        "_meta", "tools", "nextCursor", "ttlMs", "cacheScope", "isError", "resultType", "requestState", "inputRequests", "task");

    private static readonly KnownNames Cancelled = new("_meta", "requestId");

    private static readonly KnownNames Others = new("_meta");

    /// <summary>Reads a message.</summary>
    /// <param name="text">Its bytes, which aren't copied.</param>
    public static ReadResult Read(ReadOnlyMemory<byte> text)
    {
        var tape = new JsonTape();
        JsonFault fault = JsonScanner.ScanWithDuplicates(text.Span, MaxDepth, tape);
        if (fault != JsonFault.None)
        {
            return new ReadResult(fault == JsonFault.TooDeep ? MessageFault.TooDeep : MessageFault.NotJson);
        }

        var root = new JsonValue(text.Span, tape);
        return root.Kind switch
        {
            JsonKind.Object => ReadObject(text, root, tape),
            JsonKind.Array => new ReadResult(MessageFault.Batch),
            _ => new ReadResult(MessageFault.NoObject),
        };
    }

    private static ReadResult ReadObject(ReadOnlyMemory<byte> text, JsonValue root, JsonTape tape)
    {
        var members = new EnvelopeMembers(root);
        if (Envelope.FaultOf(root) is { } fault)
        {
            bool isClear = members.Id >= 0 && Envelope.CountOf(root, "id") == 1;
            return new ReadResult(fault, isClear ? IdOf(text, root.At(members.Id)) : null)
            {
                IsResponse = Envelope.CountOf(root, "method") == 0,
            };
        }

        bool hasId = members.Id >= 0;
        JsonRpcId? id = hasId ? IdOf(text, root.At(members.Id)) : null;
        bool isResponse = members.Method < 0;
        if (members.AreAmbiguous)
        {
            return new ReadResult(MessageFault.Ambiguous, id) { IsResponse = isResponse };
        }

        // Only an error may be about a message that nobody could read the id of.
        bool mayLackId = isResponse ? members.Error >= 0 : !hasId;
        if (id is null && !(mayLackId && (!hasId || root.KindAt(members.Id) == JsonKind.Null)))
        {
            return new ReadResult(MessageFault.BadId) { IsResponse = isResponse };
        }

        string? method = isResponse ? null : MethodOf(root.At(members.Method));
        if (!isResponse && method is null)
        {
            return new ReadResult(MessageFault.BadMethod, id);
        }

        int body = isResponse ? members.Result : members.Params;
        if (body >= 0 && FaultOfBody(text, root.At(body), method) is { } bodyFault)
        {
            return new ReadResult(bodyFault, id) { IsResponse = isResponse };
        }

        MessageKind kind = isResponse ? MessageKind.Response : hasId ? MessageKind.Request : MessageKind.Notification;
        return kind == MessageKind.Notification && method == Methods.ToolsCall
            ? new ReadResult(MessageFault.CallWithoutId)
            : new ReadResult(new JsonRpcMessage(text, tape, kind, id, method, body, members.Error >= 0));
    }

    private static MessageFault? FaultOfBody(ReadOnlyMemory<byte> text, JsonValue body, string? method)
    {
        if (body.Kind != JsonKind.Object)
        {
            return method is null || body.Kind == JsonKind.Null ? null : MessageFault.BadParams;
        }

        KnownNames names = method switch
        {
            null => Result,
            Methods.ToolsCall => CallParams,
            Methods.Cancelled => Cancelled,
            _ => Others,
        };
        if (names.FaultOf(body) is { } fault)
        {
            return fault;
        }

        if (method == Methods.Cancelled && Members.Find(body, "requestId"u8, out JsonValue id) && IdOf(text, id) is null)
        {
            return MessageFault.BadId;
        }

        return Members.Find(body, "_meta"u8, out JsonValue meta) ? KnownNames.None.FaultOf(meta) : null;
    }

    /// <summary>A value as an id; null for what is none.</summary>
    public static JsonRpcId? IdOf(ReadOnlyMemory<byte> text, JsonValue id)
    {
        ReadOnlySpan<byte> raw = id.Raw;
        if (raw.Length > MaxIdBytes)
        {
            return null;
        }

        string? key = id.Kind switch
        {
            JsonKind.String => $"\"{Members.TextOf(id)}\"",
            JsonKind.Number when IsPlainInteger(raw) =>
                double.Parse(raw, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture),
            _ => null,
        };

        // Of its own, so that an id that is kept doesn't keep the whole message.
        return key is null ? null : new JsonRpcId(key, raw.ToArray());
    }

    private static bool IsPlainInteger(ReadOnlySpan<byte> number) =>
        !number.SequenceEqual("-0"u8) && number[number[0] == '-' ? 1.. : ..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;

    private static string? MethodOf(JsonValue method)
    {
        if (method.Kind != JsonKind.String)
        {
            return null;
        }

        string name = Members.TextOf(method);
        return Methods.IsMisspelt(name) ? null : name;
    }
}
