using System.Text;

namespace PolicyLayer.Proxy.Http;

/// <summary>
/// Takes a stream of server-sent events apart, by the rules of the WHATWG: lines end with LF, CRLF or CR, and an empty one ends the event.
/// Every byte comes out again, but those of an event that never ends. For one reader.
/// </summary>
/// <param name="maxEventLength">The longest event in bytes.</param>
internal sealed class EventReader(int maxEventLength)
{
    private const int LeastBuffer = 4096;
    private const int KeptBuffer = 64 * 1024;

    private readonly List<EventLine> _lines = [];
    private byte[] _buffer = new byte[LeastBuffer];

    // Where the event begins, its last line, what was looked at for the line's end, and all that was read.
    private int _start;
    private int _line;
    private int _scanned;
    private int _end;

    private bool _isFirstLine = true;
    private bool _mayHaveLineFeed;

    /// <summary>Whether an event had an id: the client may come back for what follows it.</summary>
    public bool HasEventId { get; private set; }

    /// <summary>Whether an event that hasn't ended is longer than it may be.</summary>
    public bool IsTooLong => _end - _start > maxEventLength;

    /// <summary>Room for more bytes. What was read before is gone.</summary>
    public Memory<byte> GetMemory()
    {
        int held = _end - _start;
        bool isLarge = _buffer.Length > KeptBuffer && held < LeastBuffer / 2;
        if (_start > 0 || isLarge)
        {
            byte[] target = isLarge ? new byte[LeastBuffer] : _buffer;
            _buffer.AsSpan(_start, held).CopyTo(target);
            (_buffer, _line, _scanned, _end, _start) = (target, _line - _start, _scanned - _start, held, 0);
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        return _buffer.AsMemory(_end);
    }

    /// <summary>So many bytes were put there.</summary>
    public void Advance(int count) => _end += count;

    /// <summary>The next event, or bytes between events; null where it isn't all there.</summary>
    public ServerEvent? Read()
    {
        if (TakeLineFeed())
        {
            return Take();
        }

        while (_buffer.AsSpan(_scanned.._end).IndexOfAny((byte)'\n', (byte)'\r') is >= 0 and int length)
        {
            int lineEnd = _scanned + length;
            _mayHaveLineFeed = _buffer[lineEnd] == '\r';
            int begin = _line + (_isFirstLine ? MarkLength(_line, lineEnd) : 0);
            _isFirstLine = false;
            var line = new EventLine((_line - _start)..(lineEnd + 1 - _start), (begin - _start)..(lineEnd - _start));
            _lines.Add(line);
            _line = _scanned = lineEnd + 1;
            TakeLineFeed();
            bool isComment = begin < lineEnd && _buffer[begin] == ':';
            if (begin == lineEnd || (isComment && _lines.Count == 1))
            {
                return Take();
            }
        }

        _scanned = _end;
        return null;
    }

    /// <summary>Takes the line feed of a line that a carriage return has ended already.</summary>
    /// <returns>Whether nothing else belongs to it any more.</returns>
    private bool TakeLineFeed()
    {
        if (!_mayHaveLineFeed || _line == _end)
        {
            return false;
        }

        _mayHaveLineFeed = false;
        if (_buffer[_line] != '\n')
        {
            return false;
        }

        _line++;
        _scanned = Math.Max(_scanned, _line);
        if (_lines.Count == 0)
        {
            return true;
        }

        EventLine last = _lines[^1];
        _lines[^1] = last with { Place = last.Place.Start..(_line - _start) };
        return false;
    }

    // A byte order mark may stand at the very beginning.
    private int MarkLength(int start, int end) => _buffer.AsSpan(start..end).StartsWith("\uFEFF"u8) ? 3 : 0;

    private ServerEvent Take()
    {
        ReadOnlyMemory<byte> raw = _buffer.AsMemory(_start.._line);
        List<ReadOnlyMemory<byte>> data = [];
        string type = "";
        string? id = null;
        for (int i = 0; i < _lines.Count; i++)
        {
            ReadOnlyMemory<byte> content = raw[_lines[i].Content];
            int colon = content.Span.IndexOf((byte)':');
            ReadOnlyMemory<byte> name = colon < 0 ? content : content[..colon];
            ReadOnlyMemory<byte> value = colon < 0 ? default : content[(colon + 1)..];
            value = value.Length > 0 && value.Span[0] == ' ' ? value[1..] : value;
            EventLineKind kind = KindOf(content.Span, name.Span, value.Span);
            _lines[i] = _lines[i] with { Kind = kind };
            if (kind == EventLineKind.Data)
            {
                data.Add(value);
            }
            else if (name.Span.SequenceEqual("event"u8))
            {
                type = Encoding.UTF8.GetString(value.Span);
            }
            else if (kind == EventLineKind.Field && name.Span.SequenceEqual("id"u8) && value.Length > 0)
            {
                id = Encoding.UTF8.GetString(value.Span);
            }
        }

        HasEventId |= id is not null;
        EventLine[] lines = [.. _lines];
        _lines.Clear();
        _start = _line;
        return new ServerEvent(raw, Join(data), lines, type, id);
    }

    private static EventLineKind KindOf(ReadOnlySpan<byte> content, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (content.IsEmpty)
        {
            return EventLineKind.Field;
        }

        if (content[0] == ':')
        {
            return EventLineKind.Comment;
        }

        if (name.SequenceEqual("data"u8))
        {
            return EventLineKind.Data;
        }

        // Some readers end lines at more characters than the format does.
        bool isField = name.SequenceEqual("event"u8) || name.SequenceEqual("id"u8) || name.SequenceEqual("retry"u8);
        return isField && !value.ContainsAnyExceptInRange((byte)' ', (byte)'~') ? EventLineKind.Field : EventLineKind.Unknown;
    }

    private static ReadOnlyMemory<byte> Join(List<ReadOnlyMemory<byte>> data)
    {
        if (data.Count <= 1)
        {
            return data.Count == 0 ? default : data[0];
        }

        var joined = new MemoryStream(data.Sum(line => line.Length + 1));
        foreach (ReadOnlyMemory<byte> line in data)
        {
            joined.Write(line.Span);
            joined.WriteByte((byte)'\n');
        }

        return joined.GetBuffer().AsMemory(0, (int)joined.Length - 1);
    }
}
