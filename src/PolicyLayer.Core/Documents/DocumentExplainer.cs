using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;

namespace PolicyLayer.Documents;

/// <summary>
/// Says what stands against a document that was refused: what is no JSON, and what lenient readers let pass, comments and trailing commas.
/// It blanks those out, so that what is left can be scanned and compiled for its other findings.
/// </summary>
internal ref struct DocumentExplainer
{
    private readonly ReadOnlySpan<byte> _text;
    private readonly int _maxDepth;
    private readonly DiagnosticBag _findings;

    /// <summary>The open containers' tokens, innermost first, and where each begins.</summary>
    private readonly Stack<(int Token, int Start)> _open = new();
    private Utf8JsonReader _reader;

    /// <summary>The text without what was reported and can be done without; null while that is nothing.</summary>
    private byte[]? _plain;

    /// <summary>The tokens so far, counted as the scanner does.</summary>
    private int _count;
    private int _gapStart;
    private int _comma = -1;
    private bool _lastWasComment;

    private DocumentExplainer(ReadOnlySpan<byte> text, int maxDepth, DiagnosticBag findings)
    {
        _text = text;
        _maxDepth = maxDepth;
        _findings = findings;
        _reader = new Utf8JsonReader(text, new JsonReaderOptions
        {
            // Both are errors, but ones to report and read past.
            CommentHandling = JsonCommentHandling.Allow,
            AllowTrailingCommas = true,
            MaxDepth = maxDepth + 1,
        });
    }

    /// <summary>Reports all but duplicate names.</summary>
    /// <param name="text">The document.</param>
    /// <param name="maxDepth">How deep it may nest.</param>
    /// <param name="findings">Where findings go.</param>
    /// <param name="plain">The document without comments and trailing commas, everything else in its place.</param>
    /// <returns>Whether it can be read to its end.</returns>
    public static bool TryRead(ReadOnlySpan<byte> text, int maxDepth, DiagnosticBag findings, out ReadOnlySpan<byte> plain)
    {
        plain = default;
        if (!Utf8.IsValid(text))
        {
            Utf8.ToUtf16(text, new char[text.Length], out int valid, out _, replaceInvalidSequences: false);
            findings.ReportAt(DiagnosticDescriptors.InvalidUtf8, valid, "The document isn't UTF-8.", "save it as UTF-8");
            return false;
        }

        var explainer = new DocumentExplainer(text, maxDepth, findings);
        bool isWhole = explainer.TryRead();
        plain = explainer._plain is { } blanked ? blanked : text;
        return isWhole;
    }

    private bool TryRead()
    {
        try
        {
            while (_reader.Read())
            {
                if (!Accept())
                {
                    return false;
                }
            }
        }
        catch (JsonException e)
        {
            ReportForeign(OffsetOf(e.LineNumber ?? 0, e.BytePositionInLine ?? 0));
            return false;
        }

        if (_count == 0)
        {
            // Comments alone.
            ReportNoJson(_text.Length, "The document is empty.");
        }

        return _count > 0;
    }

    private bool Accept()
    {
        FindComma();
        switch (_reader.TokenType)
        {
            case JsonTokenType.Comment:
                _findings.ReportAt(
                    DiagnosticDescriptors.Comment, Start, "Comments aren't allowed.", _findings.Kind.CommentHelp,
                    _open.TryPeek(out (int Token, int Start) open) ? open.Token : 0);
                Blank(Start, (int)_reader.BytesConsumed);
                return true;
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                return TryOpen();
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                Close();
                return true;
            case JsonTokenType.PropertyName or JsonTokenType.String:
                return AddString();
            default:
                _count++;
                return true;
        }
    }

    private readonly int Start => (int)_reader.TokenStartIndex;

    private bool TryOpen()
    {
        if (_reader.CurrentDepth >= _maxDepth)
        {
            _findings.ReportAt(DiagnosticDescriptors.DocumentTooDeep, Start, $"The document is nested deeper than {_maxDepth}.");
            return false;
        }

        _open.Push((_count++, Start));
        return true;
    }

    private void Close()
    {
        int index = _open.Pop().Token;
        if (_comma >= 0)
        {
            _findings.ReportAt(
                DiagnosticDescriptors.TrailingComma, _comma, "A comma must be followed by a value.", "remove the comma", index);
            Blank(_comma, _comma + 1);
        }
    }

    private bool AddString()
    {
        if (_reader.ValueIsEscaped && !IsWellFormed())
        {
            _findings.ReportAt(
                DiagnosticDescriptors.MalformedJson, Start, "The string holds an unpaired surrogate.",
                @"write both halves, as in `\ud83d\ude00`");
            return false;
        }

        _count++;
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

        int comma = _text[_gapStart..Start].IndexOf((byte)',');
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

    private void Blank(int start, int end)
    {
        _plain ??= _text.ToArray();
        _plain.AsSpan(start, end - start).Fill((byte)' ');
    }

    private readonly void ReportForeign(int offset)
    {
        if (ForeignSyntax.Find(_text, offset, isFirst: _count == 0, _findings.Kind) is { } foreign)
        {
            _findings.ReportAt(foreign.Descriptor, offset, foreign.Message, foreign.Help);
        }
        else if (_open.Count > 0 && _text[offset..].Trim(" \t\r\n,"u8).IsEmpty)
        {
            ReportOpen();
        }
        else
        {
            ReportNoJson(offset, _text.Length == 0 ? "The document is empty." : "This isn't JSON.");
        }
    }

    /// <summary>The document ends inside of something.</summary>
    private readonly void ReportOpen()
    {
        int start = _open.Peek().Start;
        int line = _text[..start].Count((byte)'\n') + 1;
        (string noun, string end) = _text[start] == '{' ? ("object", "`}`") : ("list", "`]`");
        _findings.ReportAt(
            DiagnosticDescriptors.MalformedJson,
            _text.Length,
            string.Create(
                CultureInfo.InvariantCulture, $"The document ends here, and the {noun} that begins in line {line} is still open."),
            $"close it with {end}, or find what else lacks its end");
    }

    private readonly void ReportNoJson(int offset, string message) =>
        _findings.ReportAt(DiagnosticDescriptors.MalformedJson, offset, message, "the document must be one JSON object");

    private readonly int OffsetOf(long line, long byteInLine)
    {
        int offset = 0;
        for (; line > 0; line--)
        {
            offset += _text[offset..].IndexOf((byte)'\n') + 1;
        }

        return (int)Math.Min(offset + byteInLine, _text.Length);
    }
}
