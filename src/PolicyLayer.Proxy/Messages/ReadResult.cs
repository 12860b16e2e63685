using System.Diagnostics.CodeAnalysis;

namespace PolicyLayer.Proxy.Messages;

/// <summary>A message, or why there is none.</summary>
internal readonly record struct ReadResult
{
    public ReadResult(JsonRpcMessage message)
    {
        Message = message;
        Id = message.Id;
        IsResponse = message.Kind == MessageKind.Response;
    }

    public ReadResult(MessageFault fault, JsonRpcId? id = null)
    {
        Fault = fault;
        Id = id;
    }

    public JsonRpcMessage? Message { get; }

    public MessageFault? Fault { get; }

    /// <summary>Whose id it is, where it has one that all readers see.</summary>
    public JsonRpcId? Id { get; }

    /// <summary>Whether it answers a request: then its id is the other side's.</summary>
    public bool IsResponse { get; init; }

    /// <summary>The requests that a server's batch answers, each once, as far as they can be told; null for what is none.</summary>
    public IReadOnlyCollection<JsonRpcId>? Answered { get; init; }

    [MemberNotNullWhen(true, nameof(Message))]
    [MemberNotNullWhen(false, nameof(Fault))]
    public bool IsValid => Message is not null;

    /// <summary>One for each request that it answers, so that each is told; itself where it is no batch of answers.</summary>
    public IEnumerable<ReadResult> Each()
    {
        if (Answered is not { Count: > 0 } ids)
        {
            return [this];
        }

        MessageFault fault = Fault!;
        return ids.Select(id => new ReadResult(fault, id) { IsResponse = true });
    }
}
