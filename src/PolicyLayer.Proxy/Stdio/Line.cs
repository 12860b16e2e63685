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
    public static Line TooLong(IdSearch line)
    {
        ReadResult refusal = line.Refuse(MessageFault.TooLarge);
        return new Line(default, refusal.Fault, refusal.Id, refusal.IsResponse);
    }

    /// <summary>Reads it as a client's message.</summary>
    public ReadResult Read() => Read(MessageReader.Read);

    /// <summary>Reads it as a server's message.</summary>
    public ReadResult ReadServer() => Read(MessageReader.ReadServer);

    private ReadResult Read(Func<ReadOnlyMemory<byte>, ReadResult> read)
    {
        if (Fault is not null && Text.IsEmpty)
        {
            return new ReadResult(Fault, Id) { IsResponse = IsResponse };
        }

        // Of one that isn't passed on, its id is told: somebody waits for it.
        ReadResult inside = read(Text);
        return Fault is null ? inside : new ReadResult(Fault, inside.Id) { IsResponse = inside.IsResponse, Answered = inside.Answered };
    }
}
