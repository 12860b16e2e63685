using System.Runtime.CompilerServices;

namespace PolicyLayer.Json;

/// <summary>
/// A strict RFC 8259 scanner: one pass, no allocation when the tape is warm, time linear in the text whatever it holds.
/// Names are unique in their object by their decoded form; they are checked where the object ends, or earlier where another
/// fault would otherwise be told first.
/// </summary>
internal ref struct JsonScanner
{
    private readonly ReadOnlySpan<byte> _text;
    private readonly JsonTape _tape;
    private readonly int _maxDepth;
    private Span<JsonToken> _tokens;
    private int _count;
    private int _position;

    /// <summary>The innermost open container's token, or -1.</summary>
    private int _open;
    private int _depth;

    private JsonScanner(ReadOnlySpan<byte> text, int maxDepth, JsonTape tape)
    {
        _text = text;
        _tape = tape;
        _tokens = tape.Begin();
        _maxDepth = maxDepth;
        _open = -1;
    }

    /// <summary>Scans one JSON object, which is depth 1, with nothing but white space around it.</summary>
    public static JsonFault Scan(ReadOnlySpan<byte> utf8, int maxDepth, JsonTape tape) =>
        new JsonScanner(utf8, maxDepth, tape).ScanDocument(anyRoot: false);

    /// <summary>Scans one JSON value of any kind.</summary>
    public static JsonFault ScanValue(ReadOnlySpan<byte> utf8, int maxDepth, JsonTape tape) =>
        new JsonScanner(utf8, maxDepth, tape).ScanDocument(anyRoot: true);

    private JsonFault ScanDocument(bool anyRoot)
    {
        byte first = PeekToken();
        if (first != '{' && !anyRoot)
        {
            return JsonFault.Malformed;
        }

        JsonFault fault = BeginValue(first);
        while (fault == JsonFault.None && _open >= 0)
        {
            fault = _tokens[_open].Kind == JsonKind.Object ? ScanMember() : ScanElement();
        }

        if (fault != JsonFault.None)
        {
            return fault;
        }

        PeekToken();
        if (_position != _text.Length)
        {
            return JsonFault.Malformed;
        }

        _tape.Complete(_count);
        return JsonFault.None;
    }

    private JsonFault ScanMember()
    {
        byte next = PeekToken();
        if (next == '}')
        {
            return CloseObject();
        }

        int open = _open;
        if (_count != open + 1)
        {
            if (next != ',')
            {
                return JsonFault.Malformed;
            }

            _position++;
            next = PeekToken();
        }

        int name = _count;
        if (next != '"' || !ScanString(JsonKind.Name))
        {
            return JsonFault.Malformed;
        }

        ref JsonToken container = ref _tokens[open];
        container.Length++;
        container.HasEscapes |= _tokens[name].HasEscapes;
        if (PeekToken() != ':')
        {
            return JsonFault.Malformed;
        }

        _position++;
        JsonFault fault = BeginValue(PeekToken());
        if (_open == open)
        {
            _tokens[name].End = _count;
        }

        return fault;
    }

    private JsonFault ScanElement()
    {
        byte next = PeekToken();
        if (next == ']')
        {
            Close();
            return JsonFault.None;
        }

        if (_count != _open + 1)
        {
            if (next != ',')
            {
                return JsonFault.Malformed;
            }

            _position++;
            next = PeekToken();
        }

        return BeginValue(next);
    }

    private JsonFault BeginValue(byte first)
    {
        bool accepted;
        switch (first)
        {
            case (byte)'"':
                accepted = ScanString(JsonKind.String);
                break;
            case (byte)'{':
                return Open(JsonKind.Object);
            case (byte)'[':
                return Open(JsonKind.Array);
            case (byte)'t':
                accepted = ScanLiteral("true"u8, JsonKind.True);
                break;
            case (byte)'f':
                accepted = ScanLiteral("false"u8, JsonKind.False);
                break;
            case (byte)'n':
                accepted = ScanLiteral("null"u8, JsonKind.Null);
                break;
            default:
                accepted = ScanNumber();
                break;
        }

        return accepted ? JsonFault.None : JsonFault.Malformed;
    }

    private JsonFault Open(JsonKind kind)
    {
        if (_depth >= _maxDepth)
        {
            return DuplicateMetInOpenObjects() ? JsonFault.Malformed : JsonFault.TooDeep;
        }

        int index = _count;
        Add(kind, _position++, length: 0, end: _open);
        _open = index;
        _depth++;
        return JsonFault.None;
    }

    private JsonFault CloseObject()
    {
        if (_tokens[_open].Length > 1 && JsonDuplicates.Exist(_text, _tokens, _open, _tape.Names))
        {
            return JsonFault.Malformed;
        }

        Close();
        return JsonFault.None;
    }

    private void Close()
    {
        int closed = _open;
        ref JsonToken token = ref _tokens[closed];
        _position++;
        token.Length = _position - token.Start;
        _open = token.End;
        token.End = _count;
        _depth--;
        if (_open >= 0 && _tokens[_open].Kind == JsonKind.Object)
        {
            _tokens[closed - 1].End = _count;
        }
    }

    private readonly bool DuplicateMetInOpenObjects()
    {
        for (int open = _open; open >= 0; open = _tokens[open].End)
        {
            if (_tokens[open].Kind == JsonKind.Object && JsonDuplicates.Exist(_text, _tokens, open, _tape.Names))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Moves to the next byte that isn't white space and returns it; 0, which no token begins with, at the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte PeekToken()
    {
        int i = _position;
        return (uint)i < (uint)_text.Length && _text[i] > ' ' ? _text[i] : PeekBehindWhiteSpace();
    }

    private byte PeekBehindWhiteSpace()
    {
        ReadOnlySpan<byte> text = _text;
        int i = _position;
        while ((uint)i < (uint)text.Length && text[i] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            i++;
        }

        _position = i;
        return (uint)i < (uint)text.Length ? text[i] : (byte)0;
    }

    private bool ScanString(JsonKind kind)
    {
        int start = _position + 1;
        int end = JsonStringScanner.Scan(_text, start, out bool hasEscapes);
        if (end < 0)
        {
            return false;
        }

        Add(kind, start, end - start, kind == JsonKind.Name ? 0 : _count + 1, hasEscapes);
        _position = end + 1;
        return true;
    }

    private bool ScanNumber()
    {
        int end = JsonNumberScanner.Scan(_text, _position);
        if (end < 0)
        {
            return false;
        }

        Add(JsonKind.Number, _position, end - _position, _count + 1);
        _position = end;
        return true;
    }

    private bool ScanLiteral(ReadOnlySpan<byte> literal, JsonKind kind)
    {
        if (!_text[_position..].StartsWith(literal))
        {
            return false;
        }

        Add(kind, _position, literal.Length, _count + 1);
        _position += literal.Length;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(JsonKind kind, int start, int length, int end, bool hasEscapes = false)
    {
        int index = _count;
        if ((uint)index >= (uint)_tokens.Length)
        {
            _tokens = _tape.Grow();
        }

        ref JsonToken token = ref _tokens[index];
        token.Start = start;
        token.Length = length;
        token.End = end;
        token.Kind = kind;
        token.HasEscapes = hasEscapes;
        _count = index + 1;
    }
}
