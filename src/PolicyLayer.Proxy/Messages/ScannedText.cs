using System.Text;
using PolicyLayer.Json.Scanning;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Proxy.Messages;

/// <summary>
/// A message's bytes and their tokens. Where its strings have what strict readers refuse and others don't, what is looked at is a copy that
/// has as long a stand-in there, so that all places are the same. The stand-in is a control character: names that readers may see without
/// it are refused as those that differ by what can't be seen.
/// </summary>
internal sealed class ScannedText
{
    private const int MaxDepth = 4000;
    private const byte StandIn = 0x7F;

    private readonly JsonTape _tape = new();
    private ReadOnlyMemory<byte> _readable;

    private ScannedText(ReadOnlyMemory<byte> text)
    {
        Text = text;
        _readable = text;
    }

    /// <summary>The bytes as they came.</summary>
    public ReadOnlyMemory<byte> Text { get; }

    /// <summary>The whole message.</summary>
    public JsonValue Root => At(0);

    /// <summary>Scans a text.</summary>
    /// <param name="text">Its bytes.</param>
    /// <param name="isServers">Whether bytes that aren't UTF-8 are looked over, too, as lone surrogates are.</param>
    /// <param name="scanned">The text; for use where nothing is wrong.</param>
    public static JsonFault Scan(ReadOnlyMemory<byte> text, bool isServers, out ScannedText scanned)
    {
        scanned = new ScannedText(text);
        JsonFault fault = JsonScanner.ScanWithDuplicates(text.Span, MaxDepth, scanned._tape);
        if (fault != JsonFault.Malformed)
        {
            return fault;
        }

        byte[] copy = text.ToArray();
        bool isOther = ReplaceSurrogates(copy);
        isOther |= isServers && ReplaceBadBytes(copy);
        scanned._readable = copy;
        return isOther ? JsonScanner.ScanWithDuplicates(copy, MaxDepth, scanned._tape) : fault;
    }

    /// <summary>The value of a token.</summary>
    public JsonValue At(int index) => new(_readable.Span, _tape, index);

    /// <summary>The bytes of one of its values, as written.</summary>
    public ReadOnlyMemory<byte> TextOf(JsonValue value)
    {
        TextSpan place = PlaceOf(value);
        return Text.Slice(place.Start, place.Length);
    }

    /// <summary>Whether a value is looked at as it was written.</summary>
    public bool IsExact(JsonValue value) => value.Raw.SequenceEqual(TextOf(value).Span);

    /// <summary>Where one of its values stands, with a string's quotes.</summary>
    public TextSpan PlaceOf(JsonValue value)
    {
        JsonToken token = _tape[value.Index];
        return token.Kind == JsonKind.String ? new TextSpan(token.Start - 1, token.Length + 2) : new TextSpan(token.Start, token.Length);
    }

    /// <summary>Where a member's name stands, with its quotes.</summary>
    public TextSpan PlaceOfName(JsonValue value)
    {
        JsonToken token = _tape[value.Index - 1];
        return new TextSpan(token.Start - 1, token.Length + 2);
    }

    private static bool ReplaceSurrogates(Span<byte> text)
    {
        bool isOther = false;
        for (int i = text.IndexOf((byte)'\\'); i >= 0 && i + 1 < text.Length;)
        {
            int unit = text[i + 1] == 'u' ? JsonString.ReadUnit(text, i) : -1;
            bool isPaired = unit is >= 0xD800 and < 0xDC00 && JsonString.ReadUnit(text, i + 6) is >= 0xDC00 and <= 0xDFFF;
            if (unit is >= 0xD800 and <= 0xDFFF && !isPaired)
            {
                "\\u007f"u8.CopyTo(text[i..]);
                isOther = true;
            }

            int behind = i + (isPaired ? 12 : 2);
            int next = text[behind..].IndexOf((byte)'\\');
            i = next < 0 ? -1 : behind + next;
        }

        return isOther;
    }

    private static bool ReplaceBadBytes(Span<byte> text)
    {
        bool isOther = false;
        while (text.IndexOfAnyInRange((byte)0x80, (byte)0xFF) is >= 0 and var at)
        {
            text = text[at..];
            if (Rune.DecodeFromUtf8(text, out _, out int length) != System.Buffers.OperationStatus.Done)
            {
                text[..length].Fill(StandIn);
                isOther = true;
            }

            text = text[length..];
        }

        return isOther;
    }
}
