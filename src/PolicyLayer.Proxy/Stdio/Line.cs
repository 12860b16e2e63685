using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Proxy.Stdio;

/// <summary>One line as it came, without its end.</summary>
/// <param name="Text">Its bytes, its own; none of a line that was too long.</param>
/// <param name="Fault">Why it is no message; null for one that may be.</param>
internal readonly record struct Line(ReadOnlyMemory<byte> Text, MessageFault? Fault = null)
{
    /// <summary>Reads it as a message. Of one that isn't passed on, a response's id is told: somebody waits for it.</summary>
    public ReadResult Read()
    {
        if (Fault is null)
        {
            return MessageReader.Read(Text);
        }

        ReadResult inside = Text.IsEmpty ? default : MessageReader.Read(Text);
        return inside.IsResponse ? new ReadResult(Fault, inside.Id) { IsResponse = true } : new ReadResult(Fault);
    }
}
