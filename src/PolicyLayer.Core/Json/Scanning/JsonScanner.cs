using System.Runtime.CompilerServices;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Json.Scanning;

/// <summary>
/// A strict RFC 8259 scanner: one pass, no allocation when the tape is warm, time linear in the text whatever it holds.
/// Names are unique in their object by their decoded form; they are checked where the object ends, or earlier where another
/// fault would otherwise be told first. The position goes from method to method in a register; -1 stands for a fault.
/// </summary>
internal ref struct JsonScanner
{
    private const int Failed = -1;

    private readonly ReadOnlySpan<byte> _text;
    private readonly JsonTape _tape;
    private readonly int _maxDepth;
    private readonly bool _allowsDuplicates;
    private Span<JsonToken> _tokens;
    private int _count;

    /// <summary>The innermost open container's token, or -1.</summary>
    private int _open;
    private int _depth;
    private JsonFault _fault;

    private JsonScanner(ReadOnlySpan<byte> text, int maxDepth, JsonTape tape, bool allowsDuplicates = false)
    {
        _text = text;
        _tape = tape;
        _tokens = tape.Begin();
        _maxDepth = maxDepth;
        _allowsDuplicates = allowsDuplicates;
        _open = -1;
        _fault = JsonFault.Malformed;
    }

    /// <summary>Scans one JSON object, which is depth 1, with nothing but white space around it.</summary>
    public static JsonFault Scan(ReadOnlySpan<byte> utf8, int maxDepth, JsonTape tape) =>
        new JsonScanner(utf8, maxDepth, tape).ScanDocument(anyRoot: false);

    /// <summary>Scans one JSON value of any kind.</summary>
    public static JsonFault ScanValue(ReadOnlySpan<byte> utf8, int maxDepth, JsonTape tape) =>
        new JsonScanner(utf8, maxDepth, tape).ScanDocument(anyRoot: true);

    /// <summary>Scans one JSON value of any kind, whose names needn't be unique: for those who say themselves which aren't.</summary>
    public static JsonFault ScanWithDuplicates(ReadOnlySpan<byte> utf8, int maxDepth, JsonTape tape) =>
        new JsonScanner(utf8, maxDepth, tape, allowsDuplicates: true).ScanDocument(anyRoot: true);

    private JsonFault ScanDocument(bool anyRoot)
    {
        int i = SkipWhiteSpace(0);
        if (!anyRoot && ByteAt(i) != '{')
        {
            return JsonFault.Malformed;
        }

        i = ScanValue(i);
        while (i >= 0 && _open >= 0)
        {
            i = _tokens[_open].Kind == JsonKind.Object ? ScanMembers(i) : ScanElement(i);
        }

        if (i < 0)
        {
            return _fault;
        }

        if (SkipWhiteSpace(i) != _text.Length)
        {
            return JsonFault.Malformed;
        }

        _tape.Complete(_count);
        return JsonFault.None;
    }

    /// <summary>Scans members until their object ends or a container begins. What most members are made of stays in registers.</summary>
    private int ScanMembers(int i)
    {
        ReadOnlySpan<byte> text = _text;
        Span<JsonToken> tokens = _tokens;
        var block = default(TextBlock);
        int count = _count;
        int open = _open;
        bool isFirst = count == open + 1;
        while (true)
        {
            i = SkipWhiteSpace(text, i);
            byte next = ByteAt(text, i);
            if (next == '}')
            {
                _count = count;
                return CloseObject(i);
            }

            if (!isFirst)
            {
                if (next != ',')
                {
                    return Failed;
                }

                i = SkipWhiteSpace(text, i + 1);
                next = ByteAt(text, i);
            }

            isFirst = false;
            if (next != '"')
            {
                return Failed;
            }

            if (tokens.Length - count < 2)
            {
                tokens = _tokens = _tape.Grow();
            }

            int name = count;
            int length = block.MeasurePlainString(text, ++i);
            if (length >= 0)
            {
                Write(ref tokens[count++], JsonKind.Name, i, length, end: 0);
                i += length + 1;
            }
            else
            {
                _count = count;
                i = ScanString(i, JsonKind.Name);
                if (i < 0)
                {
                    return Failed;
                }

                tokens = _tokens;
                count = _count;
                tokens[open].HasEscapes |= tokens[name].HasEscapes;
            }

            tokens[open].Length++;
            i = SkipWhiteSpace(text, i);
            if (ByteAt(text, i) != ':')
            {
                return Failed;
            }

            i = SkipWhiteSpace(text, i + 1);
            if (ByteAt(text, i) == '"' && (length = block.MeasurePlainString(text, i + 1)) >= 0)
            {
                Write(ref tokens[count], JsonKind.String, i + 1, length, count + 1);
                count++;
                i += length + 2;
            }
            else
            {
                _count = count;
                i = ScanValue(i);
                if (i < 0 || _open != open)
                {
                    return i;
                }

                tokens = _tokens;
                count = _count;
            }

            tokens[name].End = count;
        }
    }

    private int ScanElement(int i)
    {
        i = SkipWhiteSpace(i);
        byte next = ByteAt(i);
        if (next == ']')
        {
            return Close(i);
        }

        if (_count != _open + 1)
        {
            if (next != ',')
            {
                return Failed;
            }

            i = SkipWhiteSpace(i + 1);
        }

        return ScanValue(i);
    }

    private int ScanValue(int i) => ByteAt(i) == '"' ? ScanString(i + 1, JsonKind.String) : ScanOtherValue(i);

    private int ScanOtherValue(int i) => ByteAt(i) switch
    {
        (byte)'{' => Open(i, JsonKind.Object),
        (byte)'[' => Open(i, JsonKind.Array),
        (byte)'t' => ScanLiteral(i, "true"u8, JsonKind.True),
        (byte)'f' => ScanLiteral(i, "false"u8, JsonKind.False),
        (byte)'n' => ScanLiteral(i, "null"u8, JsonKind.Null),
        _ => ScanNumber(i),
    };

    private int Open(int i, JsonKind kind)
    {
        if (_depth >= _maxDepth)
        {
            _fault = DuplicateMetInOpenObjects() ? JsonFault.Malformed : JsonFault.TooDeep;
            return Failed;
        }

        int index = _count;
        Add(kind, i, length: 0, end: _open);
        _open = index;
        _depth++;
        return i + 1;
    }

    private int CloseObject(int i) =>
        _tokens[_open].Length > 1 && JsonDuplicates.Exist(_text, _tokens, _open, _tape) && !_allowsDuplicates ? Failed : Close(i);

    private int Close(int i)
    {
        int closed = _open;
        ref JsonToken token = ref _tokens[closed];
        token.Length = i + 1 - token.Start;
        _open = token.End;
        token.End = _count;
        _depth--;
        if (_open >= 0 && _tokens[_open].Kind == JsonKind.Object)
        {
            _tokens[closed - 1].End = _count;
        }

        return i + 1;
    }

    private readonly bool DuplicateMetInOpenObjects()
    {
        for (int open = _open; open >= 0; open = _tokens[open].End)
        {
            if (_tokens[open].Kind == JsonKind.Object && JsonDuplicates.Exist(_text, _tokens, open, _tape))
            {
                return true;
            }
        }

        return false;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int ScanString(int start, JsonKind kind)
    {
        int end = JsonStringScanner.Scan(_text, start, out bool hasEscapes);
        if (end < 0)
        {
            return Failed;
        }

        Add(kind, start, end - start, kind == JsonKind.Name ? 0 : _count + 1, hasEscapes);
        return end + 1;
    }

    private int ScanNumber(int i)
    {
        int end = JsonNumberScanner.Scan(_text, i);
        if (end >= 0)
        {
            Add(JsonKind.Number, i, end - i, _count + 1);
        }

        return end;
    }

    private int ScanLiteral(int i, ReadOnlySpan<byte> literal, JsonKind kind)
    {
        if (!_text[i..].StartsWith(literal))
        {
            return Failed;
        }

        Add(kind, i, literal.Length, _count + 1);
        return i + literal.Length;
    }

    private readonly int SkipWhiteSpace(int i) => SkipWhiteSpace(_text, i);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int SkipWhiteSpace(ReadOnlySpan<byte> text, int i) =>
        (uint)i < (uint)text.Length && text[i] > ' ' ? i : SkipWhiteSpaceSlowly(text, i);

    private static int SkipWhiteSpaceSlowly(ReadOnlySpan<byte> text, int i)
    {
        while ((uint)i < (uint)text.Length && text[i] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            i++;
        }

        return i;
    }

    private readonly byte ByteAt(int i) => ByteAt(_text, i);

    /// <summary>0, which no token begins with, at the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte ByteAt(ReadOnlySpan<byte> text, int i) => (uint)i < (uint)text.Length ? text[i] : (byte)0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(JsonKind kind, int start, int length, int end, bool hasEscapes = false)
    {
        int index = _count;
        if ((uint)index >= (uint)_tokens.Length)
        {
            _tokens = _tape.Grow();
        }

        Write(ref _tokens[index], kind, start, length, end, hasEscapes);
        _count = index + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(ref JsonToken token, JsonKind kind, int start, int length, int end, bool hasEscapes = false)
    {
        token.Start = start;
        token.Length = length;
        token.End = end;
        token.Kind = kind;
        token.HasEscapes = hasEscapes;
    }
}
