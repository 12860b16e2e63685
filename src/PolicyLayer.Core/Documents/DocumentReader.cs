using System.Text.Json;
using System.Text.Unicode;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Documents;

/// <summary>
/// Reads a document's bytes into tokens. Reports what is no JSON, and what lenient readers let pass: comments, trailing commas,
/// duplicate names.
/// </summary>
internal ref struct DocumentReader
{
    /// <summary>What dense documents have; one that is denser makes the tape grow.</summary>
    private const int BytesPerToken = 4;

    private readonly byte[] _text;
    private readonly int _maxDepth;
    private readonly DiagnosticBag _findings;
    private readonly JsonTape _tape = new();
    private readonly Stack<int> _open = new();
    private Span<JsonToken> _tokens;
    private int _count;
    private int _depth;
    private Utf8JsonReader _reader;
    private int _gapStart;
    private int _comma = -1;
    private bool _lastWasComment;

    private DocumentReader(byte[] text, int maxDepth, DiagnosticBag findings)
    {
        _text = text;
        _maxDepth = maxDepth;
        _findings = findings;
        _tokens = _tape.Begin(CountTokens(text));
        _reader = new Utf8JsonReader(text, new JsonReaderOptions
        {
            // Both are errors, but ones to report and read past.
            CommentHandling = JsonCommentHandling.Allow,
            AllowTrailingCommas = true,
            MaxDepth = maxDepth + 1,
        });
    }

    /// <summary>The tokens, or null when the text can't be read to its end.</summary>
    public static SyntaxTree? Read(byte[] text, int maxDepth, DiagnosticBag findings)
    {
        if (!Utf8.IsValid(text))
        {
            Utf8.ToUtf16(text, new char[text.Length], out int valid, out _, replaceInvalidSequences: false);
            findings.ReportAt(DiagnosticDescriptors.InvalidUtf8, valid, "The document isn't UTF-8.", "save it as UTF-8");
            return null;
        }

        var reader = new DocumentReader(text, maxDepth, findings);
        return reader.Read();
    }

    private SyntaxTree? Read()
    {
        try
        {
            while (_reader.Read())
            {
                if (!Accept())
                {
                    return null;
                }
            }
        }
        catch (JsonException e)
        {
            ReportNoJson(
                OffsetOf(e.LineNumber ?? 0, e.BytePositionInLine ?? 0), _text.Length == 0 ? "The document is empty." : "This isn't JSON.");
            return null;
        }

        if (_count == 0)
        {
            // Comments alone.
            ReportNoJson(_text.Length, "The document is empty.");
            return null;
        }

        _tape.Complete(_count);
        var tree = new SyntaxTree(_text, _tape, _depth);
        DuplicateMembers.Report(tree, _findings);
        return tree;
    }

    private bool Accept()
    {
        FindComma();
        switch (_reader.TokenType)
        {
            case JsonTokenType.Comment:
                _findings.ReportAt(
                    DiagnosticDescriptors.Comment, Start, "Comments aren't allowed.", "use `description`",
                    _open.TryPeek(out int open) ? open : 0);
                return true;
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                if (_reader.CurrentDepth >= _maxDepth)
                {
                    _findings.ReportAt(DiagnosticDescriptors.DocumentTooDeep, Start, $"The document is nested deeper than {_maxDepth}.");
                    return false;
                }

                _open.Push(_count);
                _depth = Math.Max(_depth, _open.Count);
                Add(_reader.TokenType == JsonTokenType.StartObject ? JsonKind.Object : JsonKind.Array, Start, 1);
                return true;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                Close();
                return true;
            case JsonTokenType.PropertyName:
                return AddString(JsonKind.Name);
            case JsonTokenType.String:
                return AddString(JsonKind.String);
            default:
                Add(KindOf(_reader.TokenType), Start, _reader.ValueSpan.Length);
                return true;
        }
    }

    private readonly int Start => (int)_reader.TokenStartIndex;

    /// <summary>Writes a token as the scanner does.</summary>
    private void Add(JsonKind kind, int start, int length, bool hasEscapes = false)
    {
        if (_count == _tokens.Length)
        {
            _tokens = _tape.Grow();
        }

        int index = _count++;
        _tokens[index] = new JsonToken { Kind = kind, Start = start, Length = length, HasEscapes = hasEscapes };
        if (kind == JsonKind.Name)
        {
            _tokens[_open.Peek()].HasEscapes |= hasEscapes;
        }
        else
        {
            End(index);
        }
    }

    /// <summary>Notes where a value ends, for its name too.</summary>
    private readonly void End(int value)
    {
        _tokens[value].End = _count;
        if (value > 0 && _tokens[value - 1].Kind == JsonKind.Name)
        {
            _tokens[value - 1].End = _count;
        }
    }

    private void Close()
    {
        int index = _open.Pop();
        ref JsonToken token = ref _tokens[index];
        token.Length = (int)_reader.BytesConsumed - token.Start;
        End(index);
        if (_comma >= 0)
        {
            _findings.ReportAt(
                DiagnosticDescriptors.TrailingComma, _comma, "A comma must be followed by a value.", "remove the comma", index);
        }
    }

    private bool AddString(JsonKind kind)
    {
        if (_reader.ValueIsEscaped && !IsWellFormed())
        {
            _findings.ReportAt(
                DiagnosticDescriptors.MalformedJson, Start, "The string holds an unpaired surrogate.",
                @"write both halves, as in `\ud83d\ude00`");
            return false;
        }

        Add(kind, Start + 1, _reader.ValueSpan.Length, _reader.ValueIsEscaped);
        return true;
    }

    private readonly bool IsWellFormed()
    {
        try
        {
            _reader.CopyString(new char[_reader.ValueSpan.Length]);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Looks for a comma between the last token and this one; the reader accepts it in front of an end without a word.</summary>
    private void FindComma()
    {
        if (_count == 0 && _reader.TokenType != JsonTokenType.Comment)
        {
            _gapStart = Start;
        }

        int comma = _text.AsSpan(_gapStart, Start - _gapStart).IndexOf((byte)',');
        if (comma >= 0)
        {
            _comma = _gapStart + comma;
        }
        else if (!_lastWasComment)
        {
            _comma = -1;
        }

        _lastWasComment = _reader.TokenType == JsonTokenType.Comment;
        _gapStart = (int)_reader.BytesConsumed;
    }

    /// <summary>Room for a document: every token but the first comes after one of these. Less where its strings are full of them.</summary>
    private static int CountTokens(ReadOnlySpan<byte> text)
    {
        int count = 1 + text.Count((byte)',') + text.Count((byte)':') + text.Count((byte)'{') + text.Count((byte)'[');
        return Math.Min(count, (text.Length / BytesPerToken) + 16);
    }

    private readonly void ReportNoJson(int offset, string message) =>
        _findings.ReportAt(DiagnosticDescriptors.MalformedJson, offset, message, "the document must be one JSON object");

    private readonly int OffsetOf(long line, long byteInLine)
    {
        int offset = 0;
        for (; line > 0; line--)
        {
            offset += _text.AsSpan(offset).IndexOf((byte)'\n') + 1;
        }

        return (int)Math.Min(offset + byteInLine, _text.Length);
    }

    private static JsonKind KindOf(JsonTokenType type) => type switch
    {
        JsonTokenType.Null => JsonKind.Null,
        JsonTokenType.False => JsonKind.False,
        JsonTokenType.True => JsonKind.True,
        _ => JsonKind.Number,
    };
}
