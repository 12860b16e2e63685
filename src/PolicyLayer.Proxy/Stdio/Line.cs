using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Proxy.Stdio;

/// <summary>One line as it came, without its end.</summary>
/// <param name="Text">Its bytes, its own; none of a line that was too long.</param>
/// <param name="Fault">Why it is no message; null for one that may be.</param>
/// <param name="Id">Whose id a line had that was too long, as far as that is known.</param>
/// <param name="IsResponse">Whether such a line was an answer.</param>
internal readonly record struct Line(
    ReadOnlyMemory<byte> Text, MessageFault? Fault = null, JsonRpcId? Id = null, bool IsResponse = false)
{
    /// <summary>A line that was too long.</summary>
    public static Line TooLong(LongLine line) => new(default, MessageFault.TooLarge, line.Id, line.Id is not null && !line.HasMethod);

    /// <summary>Reads it as a message. Of one that isn't passed on, a response's id is told: somebody waits for it.</summary>
    public ReadResult Read()
    {
        if (Fault is null)
        {
            return MessageReader.Read(Text);
        }

        if (Text.IsEmpty)
        {
            return new ReadResult(Fault, Id) { IsResponse = IsResponse };
        }

        ReadResult inside = MessageReader.Read(Text);
        return inside.IsResponse ? new ReadResult(Fault, inside.Id) { IsResponse = true } : new ReadResult(Fault);
    }
}
