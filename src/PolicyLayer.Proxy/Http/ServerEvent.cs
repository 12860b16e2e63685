namespace PolicyLayer.Proxy.Http;

/// <summary>An event of a stream, or bytes that stand between events.</summary>
/// <param name="raw">All its bytes.</param>
/// <param name="data">Its message; empty for none.</param>
/// <param name="lines">Its lines.</param>
/// <param name="type">Its kind; empty for a message.</param>
internal sealed class ServerEvent(ReadOnlyMemory<byte> raw, ReadOnlyMemory<byte> data, IReadOnlyList<EventLine> lines, string type)
{
    /// <summary>As it came, its end included. Good until more is read.</summary>
    public ReadOnlyMemory<byte> Raw => raw;

    /// <summary>Its message. Good until more is read.</summary>
    public ReadOnlyMemory<byte> Data => data;

    /// <summary>Whether it is the old transport's, which tells the client to send its messages elsewhere.</summary>
    public bool IsEndpoint => type == "endpoint";

    /// <summary>The event with another message, or none; all other fields stay.</summary>
    public ReadOnlyMemory<byte> With(ReadOnlyMemory<byte>? message)
    {
        var text = new MemoryStream(raw.Length);
        bool isWritten = false;
        foreach (EventLine line in lines)
        {
            if (!line.IsData)
            {
                text.Write(raw.Span[line.Place]);
            }
            else if (!isWritten && message is { } changed)
            {
                isWritten = true;
                EventText.WriteData(text, changed.Span);
            }
        }

        return text.GetBuffer().AsMemory(0, (int)text.Length);
    }
}
