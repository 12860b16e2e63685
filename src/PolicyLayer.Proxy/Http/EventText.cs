namespace PolicyLayer.Proxy.Http;

/// <summary>Writes events.</summary>
internal static class EventText
{
    /// <summary>An event that has a message and nothing else.</summary>
    public static ReadOnlyMemory<byte> Of(ReadOnlyMemory<byte> message)
    {
        var text = new MemoryStream(message.Length + 16);
        WriteData(text, message.Span);
        text.WriteByte((byte)'\n');
        return text.GetBuffer().AsMemory(0, (int)text.Length);
    }

    /// <summary>Writes the lines of a message: it may have line feeds between its values.</summary>
    public static void WriteData(MemoryStream text, ReadOnlySpan<byte> message)
    {
        foreach (Range line in message.SplitAny((byte)'\n', (byte)'\r'))
        {
            text.Write("data: "u8);
            text.Write(message[line]);
            text.WriteByte((byte)'\n');
        }
    }
}
