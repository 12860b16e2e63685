using System.Text;
using System.Text.Unicode;
using PolicyLayer.Calls;

namespace PolicyLayer.Json.Values;

/// <summary>A string or name of an accepted text, compared and decoded without allocating.</summary>
internal readonly ref struct JsonString
{
    public JsonString(ReadOnlySpan<byte> raw, bool hasEscapes)
    {
        Raw = raw;
        HasEscapes = hasEscapes;
    }

    public JsonString(ReadOnlySpan<byte> text, in JsonToken token)
        : this(text.Slice(token.Start, token.Length), token.HasEscapes)
    {
    }

    /// <summary>Between the quotes, as written.</summary>
    public ReadOnlySpan<byte> Raw { get; }

    public bool HasEscapes { get; }

    /// <summary>Enough for the decoded form, in UTF-8 bytes as in UTF-16 units.</summary>
    public int MaxDecodedLength => Raw.Length;

    public bool Equals(ReadOnlySpan<byte> decodedUtf8) =>
        HasEscapes ? EqualsEscaped(decodedUtf8) : Raw.SequenceEqual(decodedUtf8);

    public bool Equals(JsonString other)
    {
        if (!other.HasEscapes)
        {
            return Equals(other.Raw);
        }

        return HasEscapes ? EqualsBothEscaped(other) : other.EqualsEscaped(Raw);
    }

    /// <summary>The steps of decoding it to UTF-8, as much as is needed.</summary>
    public int CostOfDecoding => HasEscapes ? Raw.Length : 0;

    /// <summary>The steps of comparing with a decoded text of so many bytes: what has no escapes is compared by blocks.</summary>
    public int CostOfEquals(int decodedLength)
    {
        // An escape of six bytes makes at least one.
        return HasEscapes
            ? (int)Math.Min(Raw.Length, (6L * decodedLength) + 6)
            : Math.Min(Raw.Length, decodedLength) / StepCosts.BlockBytes;
    }

    /// <summary>The steps of comparing with another text.</summary>
    public int CostOfEquals(JsonString other)
    {
        if (!other.HasEscapes)
        {
            return CostOfEquals(other.Raw.Length);
        }

        return HasEscapes ? Math.Min(Raw.Length, other.Raw.Length) : other.CostOfEquals(Raw.Length);
    }

    /// <summary>Decodes to UTF-8; the span must hold <see cref="MaxDecodedLength"/>. Returns the bytes written.</summary>
    public int Decode(Span<byte> utf8)
    {
        int written = 0;
        ReadOnlySpan<byte> rest = Raw;
        while (true)
        {
            int run = HasEscapes ? rest.IndexOf((byte)'\\') : -1;
            if (run < 0)
            {
                rest.CopyTo(utf8[written..]);
                return written + rest.Length;
            }

            rest[..run].CopyTo(utf8[written..]);
            written += run;
            rest = rest[run..];
            rest = rest[DecodeEscape(rest, out Rune rune)..];
            written += rune.EncodeToUtf8(utf8[written..]);
        }
    }

    /// <summary>Decodes to UTF-16; the span must hold <see cref="MaxDecodedLength"/>. Returns the units written.</summary>
    public int Decode(Span<char> utf16)
    {
        int written = 0;
        ReadOnlySpan<byte> rest = Raw;
        while (true)
        {
            int run = HasEscapes ? rest.IndexOf((byte)'\\') : -1;
            Utf8.ToUtf16(run < 0 ? rest : rest[..run], utf16[written..], out _, out int units, replaceInvalidSequences: false);
            written += units;
            if (run < 0)
            {
                return written;
            }

            rest = rest[run..];
            rest = rest[DecodeEscape(rest, out Rune rune)..];
            written += rune.EncodeToUtf16(utf16[written..]);
        }
    }

    public int CountCodePoints()
    {
        int count = 0;
        ReadOnlySpan<byte> rest = Raw;
        while (true)
        {
            int run = HasEscapes ? rest.IndexOf((byte)'\\') : -1;
            foreach (byte b in run < 0 ? rest : rest[..run])
            {
                // Every byte but a continuation byte begins a code point.
                count += (b & 0xC0) == 0x80 ? 0 : 1;
            }

            if (run < 0)
            {
                return count;
            }

            rest = rest[run..];
            rest = rest[DecodeEscape(rest, out _)..];
            count++;
        }
    }

    /// <summary>Decodes the escape, or pair of surrogate escapes, that a text accepted before begins with.</summary>
    internal static int DecodeEscape(ReadOnlySpan<byte> text, out Rune rune)
    {
        byte kind = text[1];
        if (kind == 'u')
        {
            char unit = (char)ReadUnit(text, 0);
            if (!char.IsSurrogate(unit))
            {
                rune = new Rune(unit);
                return 6;
            }

            rune = new Rune(unit, (char)ReadUnit(text, 6));
            return 12;
        }

        rune = new Rune(kind switch
        {
            (byte)'b' => '\b',
            (byte)'f' => '\f',
            (byte)'n' => '\n',
            (byte)'r' => '\r',
            (byte)'t' => '\t',
            _ => (char)kind,
        });
        return 2;
    }

    /// <summary>The UTF-16 unit of a \uXXXX escape, or -1 when there is none.</summary>
    internal static int ReadUnit(ReadOnlySpan<byte> text, int i)
    {
        if (text.Length - i < 6 || text[i] != '\\' || text[i + 1] != 'u')
        {
            return -1;
        }

        int unit = 0;
        foreach (byte b in text.Slice(i + 2, 4))
        {
            if (!char.IsAsciiHexDigit((char)b))
            {
                return -1;
            }

            unit = (unit << 4) | (b <= '9' ? b - '0' : (b | 0x20) - 'a' + 10);
        }

        return unit;
    }

    private bool EqualsEscaped(ReadOnlySpan<byte> decoded)
    {
        Span<byte> encoded = stackalloc byte[4];
        ReadOnlySpan<byte> rest = Raw;
        while (!rest.IsEmpty)
        {
            // No further than the other text reaches: a short one is compared in short time.
            int run = rest[..Math.Min(rest.Length, decoded.Length + 1)].IndexOf((byte)'\\');
            if (run < 0)
            {
                return rest.SequenceEqual(decoded);
            }

            if (!decoded.StartsWith(rest[..run]))
            {
                return false;
            }

            decoded = decoded[run..];
            rest = rest[run..];
            rest = rest[DecodeEscape(rest, out Rune rune)..];
            ReadOnlySpan<byte> character = encoded[..rune.EncodeToUtf8(encoded)];
            if (!decoded.StartsWith(character))
            {
                return false;
            }

            decoded = decoded[character.Length..];
        }

        return decoded.IsEmpty;
    }

    private bool EqualsBothEscaped(JsonString other)
    {
        ReadOnlySpan<byte> a = Raw;
        ReadOnlySpan<byte> b = other.Raw;
        while (!a.IsEmpty && !b.IsEmpty)
        {
            if (a[0] != '\\' && b[0] != '\\')
            {
                if (a[0] != b[0])
                {
                    return false;
                }

                a = a[1..];
                b = b[1..];
                continue;
            }

            // What came before was equal, so both stand at the start of a character.
            a = a[DecodeCharacter(a, out Rune left)..];
            b = b[DecodeCharacter(b, out Rune right)..];
            if (left != right)
            {
                return false;
            }
        }

        return a.IsEmpty && b.IsEmpty;
    }

    /// <summary>Decodes the character, escaped or not, that a text accepted before begins with.</summary>
    internal static int DecodeCharacter(ReadOnlySpan<byte> text, out Rune rune)
    {
        if (text[0] == '\\')
        {
            return DecodeEscape(text, out rune);
        }

        Rune.DecodeFromUtf8(text, out rune, out int consumed);
        return consumed;
    }
}
