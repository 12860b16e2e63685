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

    [MemberNotNullWhen(true, nameof(Message))]
    [MemberNotNullWhen(false, nameof(Fault))]
    public bool IsValid => Message is not null;
}
