using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Proxy.Guarding;

/// <summary>What becomes of a client's message: it goes on to the server, or is answered here, or neither.</summary>
/// <param name="Forward">What goes to the server; null for nothing.</param>
/// <param name="Answer">What goes back to the client; null for nothing.</param>
/// <param name="Fault">Why it was refused; null for a message that was not.</param>
/// <param name="Call">The call that was allowed; null for any other message.</param>
internal readonly record struct Passage(
    ReadOnlyMemory<byte>? Forward, ReadOnlyMemory<byte>? Answer, MessageFault? Fault = null, JudgedCall? Call = null)
{
    /// <summary>It goes on as it is.</summary>
    public static Passage On(JsonRpcMessage message) => new(message.Text, null);

    /// <summary>An allowed call.</summary>
    public static Passage Allow(ReadOnlyMemory<byte> text, JudgedCall call) => new(text, null, Call: call);

    /// <summary>A denial.</summary>
    public static Passage Reply(ReadOnlyMemory<byte> answer) => new(null, answer);

    /// <summary>A message that isn't passed on.</summary>
    /// <param name="id">Whose id the answer has; null where it has none that all readers see.</param>
    /// <param name="fault">What is wrong.</param>
    public static Passage Refuse(JsonRpcId? id, MessageFault fault) => new(null, JsonRpcText.Error(id, fault), fault);

    /// <summary>A message that isn't passed on, as it can't be read.</summary>
    /// <param name="result">What was read. The id of a response is the other side's, and is in no answer.</param>
    public static Passage Refuse(ReadResult result) => Refuse(result.IsResponse ? null : result.Id, result.Fault!);
}
