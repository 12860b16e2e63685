namespace PolicyLayer.Proxy.Http;

/// <summary>An event of a stream, or bytes that stand between events.</summary>
/// <param name="raw">All its bytes.</param>
/// <param name="data">Its message; empty for none.</param>
/// <param name="lines">Its lines.</param>
/// <param name="type">Its kind; empty for a message.</param>
/// <param name="id">Its id; null for none.</param>
internal sealed class ServerEvent(
    ReadOnlyMemory<byte> raw, ReadOnlyMemory<byte> data, IReadOnlyList<EventLine> lines, string type, string? id)
{
    /// <summary>As it came, its end included. Good until more is read.</summary>
    public ReadOnlyMemory<byte> Raw => raw;

    /// <summary>As it goes on with its message: without what comments say, and what isn't of the format. Good until more is read.</summary>
    public ReadOnlyMemory<byte> Shown => lines.All(line => line.Kind is EventLineKind.Field or EventLineKind.Data) ? raw : With(data);

    /// <summary>Its id; null for none.</summary>
    public string? Id => id;

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
            if (line.Kind == EventLineKind.Field)
            {
                text.Write(raw.Span[line.Place]);
            }
            else if (line.Kind == EventLineKind.Comment)
            {
                text.WriteByte((byte)':');
                text.Write(raw.Span[line.Content.End..line.Place.End]);
            }
            else if (line.Kind == EventLineKind.Data && !isWritten && message is { } changed)
            {
                isWritten = true;
                EventText.WriteData(text, changed.Span);
            }
        }

        return text.GetBuffer().AsMemory(0, (int)text.Length);
    }
}
