using System.Buffers;
using System.Text;
using PolicyLayer.Json.Scanning;

namespace PolicyLayer.Proxy.Messages;

/// <summary>
/// Looks through a text that isn't read as a message, or is too long to be held, for the id of what it was, so that who waits for it hears
/// of it. Nothing else depends on what it finds.
/// </summary>
internal sealed class IdSearch
{
    private const int MaxName = 16;
    private const int MaxId = 600;

    private static readonly SearchValues<byte> EndsOfText = SearchValues.Create("\"\\"u8);

    private readonly List<byte> _name = [];
    private readonly List<byte> _id = [];
    private int _depth;
    private int _ids;
    private bool _isInText;
    private bool _isEscaped;
    private bool _isValue;
    private bool _isId;

    /// <summary>Whether it has a method: then it isn't an answer.</summary>
    public bool HasMethod { get; private set; }

    /// <summary>The id; null for none that all readers see.</summary>
    public JsonRpcId? Id
    {
        get
        {
            // One that the text ends in may have gone on.
            if (_ids != 1 || _isId)
            {
                return null;
            }

            byte[] id = [.. _id];
            return ScannedText.Scan(id, isServers: false, out ScannedText scanned) == JsonFault.None
                ? JsonRpcId.Of(scanned.Root, scanned.TextOf(scanned.Root), isAnswers: !HasMethod)
                : null;
        }
    }

    /// <summary>Why a text isn't read, and whose it was.</summary>
    public static ReadResult Refuse(ReadOnlySpan<byte> text, MessageFault fault)
    {
        var search = new IdSearch();
        search.Take(text);
        return search.Refuse(fault);
    }

    /// <summary>Why what it looked through isn't read, and whose it was.</summary>
    public ReadResult Refuse(MessageFault fault) => new(fault, Id) { IsResponse = Id is not null && !HasMethod };

    /// <summary>Looks at the next bytes of the text.</summary>
    public void Take(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_isInText && !_isEscaped && _depth > 1)
            {
                // Deep inside, where most of it is.
                int end = bytes.IndexOfAny(EndsOfText);
                if (end < 0)
                {
                    return;
                }

                bytes = bytes[end..];
            }

            Take(bytes[0]);
            bytes = bytes[1..];
        }
    }

    private void Take(byte next)
    {
        bool wasInText = _isInText;
        if (_isInText)
        {
            TakeOfText(next);
        }
        else
        {
            TakeOfStructure(next);
        }

        if (_depth == 1 && !_isValue && (wasInText || _isInText) && _name.Count < MaxName)
        {
            _name.Add(next);
        }

        if (_isId && (wasInText || next != (byte)':') && _id.Count < MaxId)
        {
            _id.Add(next);
        }
    }

    private void TakeOfText(byte next)
    {
        if (_isEscaped)
        {
            _isEscaped = false;
            return;
        }

        _isEscaped = next == (byte)'\\';
        _isInText = next != (byte)'"';
    }

    private void TakeOfStructure(byte next)
    {
        switch ((char)next)
        {
            case '"':
                _isInText = true;
                break;
            case '{' or '[':
                _depth++;
                break;
            case '}' or ']':
                _depth--;
                _isId &= _depth > 0;
                break;
            case ':' when _depth == 1:
                BeginValue();
                break;
            case ',' when _depth == 1:
                (_isValue, _isId) = (false, false);
                _name.Clear();
                break;
        }
    }

    private void BeginValue()
    {
        string name = Encoding.UTF8.GetString([.. _name]);
        _isValue = true;
        HasMethod |= name == "\"method\"";
        _isId = name == "\"id\"";

        // What some readers may take for an id is none that all see.
        bool isDoubtful = name.Contains('\\', StringComparison.Ordinal) || name.Equals("\"id\"", StringComparison.OrdinalIgnoreCase);
        _ids += _isId || isDoubtful ? 1 : 0;
        _ids += isDoubtful && !_isId ? 1 : 0;
    }
}
