using PolicyLayer.Proxy.Guarding;
using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Proxy.Bridging;

/// <summary>A request of a caller's that a child has, under an id that no other request of that child ever has.</summary>
/// <param name="Number">That id.</param>
/// <param name="Id">The caller's own.</param>
/// <param name="Conversation">What it is part of.</param>
/// <param name="Box">Where its caller hears of it.</param>
internal sealed record ChildRequest(long Number, JsonRpcId Id, Conversation Conversation, Mailbox Box)
{
    /// <summary>What the caller wants its progress told by, as it was written; null for none.</summary>
    public ReadOnlyMemory<byte>? Token { get; init; }
}
