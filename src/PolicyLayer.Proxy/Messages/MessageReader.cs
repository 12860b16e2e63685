using PolicyLayer.Json.Scanning;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Proxy.Messages;

/// <summary>
/// Reads one JSON-RPC message. INVARIANT: what it accepts has one meaning, whichever JSON reader the other side has: no two members of one
/// name, and none that is another's but for case, in the message itself, in its <c>params</c> or <c>result</c> and in their <c>_meta</c>.
/// What stands deeper is the tools' business, or Core's. Of what it refuses it tells the id, where that is beyond doubt.
/// </summary>
internal static class MessageReader
{
    private static readonly KnownNames Envelope = new("jsonrpc", "id", "method", "params", "result", "error");

    private static readonly KnownNames CallParams = new("name", "arguments", "_meta", "requestState", "inputResponses", "task");

    private static readonly KnownNames Result = new(
        "_meta", "tools", "nextCursor", "ttlMs", "cacheScope", "isError", "resultType", "requestState", "inputRequests", "task");

    private static readonly KnownNames Cancelled = new("_meta", "requestId");

    private static readonly KnownNames Others = new("_meta");

    /// <summary>Reads a client's message.</summary>
    /// <param name="text">Its bytes, which aren't copied.</param>
    public static ReadResult Read(ReadOnlyMemory<byte> text) => Read(text, isServers: false);

    /// <summary>Reads a server's message. An answer isn't lost for bytes that aren't UTF-8, or for another spelling of its id.</summary>
    /// <param name="text">Its bytes, which aren't copied.</param>
    public static ReadResult ReadServer(ReadOnlyMemory<byte> text) => Read(text, isServers: true);

    private static ReadResult Read(ReadOnlyMemory<byte> text, bool isServers)
    {
        JsonFault fault = ScannedText.Scan(text, isServers, out ScannedText scanned);
        if (fault != JsonFault.None)
        {
            return IdSearch.Refuse(text.Span, fault == JsonFault.TooDeep ? MessageFault.TooDeep : MessageFault.NotJson);
        }

        return scanned.Root.Kind switch
        {
            JsonKind.Object => ReadObject(scanned, isServers),
            JsonKind.Array => ReadBatch(scanned, isServers),
            _ => new ReadResult(MessageFault.NoObject),
        };
    }

    // Somebody waits for each answer that is in a batch.
    private static ReadResult ReadBatch(ScannedText scanned, bool isServers)
    {
        List<int> items = [];
        foreach (JsonValue item in scanned.Root.EnumerateElements())
        {
            items.Add(item.Index);
        }

        if (items.Count != 1 || scanned.At(items[0]).Kind != JsonKind.Object)
        {
            return new ReadResult(MessageFault.Batch) { Answered = isServers ? AnsweredIn(scanned, items) : null };
        }

        ReadResult alone = Read(scanned.TextOf(scanned.At(items[0])), isServers);
        return alone.IsResponse ? new ReadResult(MessageFault.Batch, alone.Id) { IsResponse = true } : new ReadResult(MessageFault.Batch);
    }

    private static HashSet<JsonRpcId> AnsweredIn(ScannedText scanned, List<int> items)
    {
        HashSet<JsonRpcId> answered = [];
        foreach (int item in items)
        {
            if (scanned.At(item).Kind == JsonKind.Object
                && Read(scanned.TextOf(scanned.At(item)), isServers: true) is { IsResponse: true, Id: { } id })
            {
                answered.Add(id);
            }
        }

        return answered;
    }

    private static ReadResult ReadObject(ScannedText scanned, bool isServers)
    {
        JsonValue root = scanned.Root;
        var members = new EnvelopeMembers(root);
        if (Envelope.FaultOf(root) is { } fault)
        {
            bool isAnswer = Envelope.CountOf(root, "method") == 0;
            return new ReadResult(fault, ClearIdOf(scanned, isServers && isAnswer)) { IsResponse = isAnswer };
        }

        bool hasId = members.Id >= 0;
        bool isResponse = members.Method < 0;
        JsonRpcId? id = hasId ? IdAt(scanned, members.Id, isServers && isResponse) : null;
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
        if (body >= 0 && FaultOfBody(scanned, root.At(body), method) is { } bodyFault)
        {
            return new ReadResult(bodyFault, id) { IsResponse = isResponse };
        }

        MessageKind asked = hasId ? MessageKind.Request : MessageKind.Notification;
        MessageKind kind = isResponse ? MessageKind.Response : asked;
        return kind == MessageKind.Notification && method == Methods.ToolsCall
            ? new ReadResult(MessageFault.CallWithoutId)
            : new ReadResult(new JsonRpcMessage(scanned, kind, id, method, body, members.Error >= 0));
    }

    /// <summary>The id that an object has in each member that some reader takes for it; null for none, or for two.</summary>
    private static JsonRpcId? ClearIdOf(ScannedText scanned, bool isAnswers)
    {
        JsonRpcId? clear = null;
        int count = 0;
        foreach (JsonValue.Property property in scanned.Root.EnumerateProperties())
        {
            if (property.Name.Equals("id"u8))
            {
                JsonRpcId? id = IdAt(scanned, property.Value.Index, isAnswers);
                if (id is null || (clear is { } other && !other.Text.Span.SequenceEqual(id.Value.Text.Span)))
                {
                    return null;
                }

                clear = id;
                count++;
            }
        }

        return count == Envelope.CountOf(scanned.Root, "id") ? clear : null;
    }

    private static JsonRpcId? IdAt(ScannedText scanned, int index, bool isAnswers) =>
        JsonRpcId.Of(scanned.At(index), scanned.TextOf(scanned.At(index)), isAnswers);

    private static MessageFault? FaultOfBody(ScannedText scanned, JsonValue body, string? method)
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

        if (method == Methods.Cancelled && Members.Find(body, "requestId"u8, out JsonValue id)
            && IdAt(scanned, id.Index, isAnswers: false) is null)
        {
            return MessageFault.BadId;
        }

        return Members.Find(body, "_meta"u8, out JsonValue meta) ? KnownNames.None.FaultOf(meta) : null;
    }

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
