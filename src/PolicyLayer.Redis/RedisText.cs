using System.Globalization;
using System.Text;

namespace PolicyLayer.Redis;

/// <summary>
/// Any text as a part of a key or a record. No two texts become one, and none has a bar, a control character or a surrogate, which would be
/// lost on the way to UTF-8; written as in <see cref="Counters.CounterKey.ToString"/>.
/// </summary>
internal static class RedisText
{
    private const char Escape = '%';
    private const int Digits = 4;

    public static string Encode(string text)
    {
        var encoded = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            if (c is Escape or '|' || char.IsControl(c) || char.IsSurrogate(c))
            {
                encoded.Append(CultureInfo.InvariantCulture, $"{Escape}{(int)c:x4}");
            }
            else
            {
                encoded.Append(c);
            }
        }

        return encoded.ToString();
    }

    /// <exception cref="FormatException">It isn't what <see cref="Encode"/> writes.</exception>
    public static string Decode(string encoded)
    {
        var text = new StringBuilder(encoded.Length);
        for (int i = 0; i < encoded.Length; i++)
        {
            if (encoded[i] != Escape)
            {
                text.Append(encoded[i]);
                continue;
            }

            ReadOnlySpan<char> digits = encoded.AsSpan(i + 1);
            digits = digits.Length >= Digits ? digits[..Digits] : throw new FormatException();
            text.Append((char)ushort.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
            i += Digits;
        }

        return text.ToString();
    }

    /// <summary>A text that may be none: none is nothing, an empty one isn't.</summary>
    public static string EncodeOptional(string? text) => text is null ? "" : "=" + Encode(text);

    /// <exception cref="FormatException">It isn't what <see cref="EncodeOptional"/> writes.</exception>
    public static string? DecodeOptional(string encoded) => encoded switch
    {
        "" => null,
        ['=', .. string text] => Decode(text),
        _ => throw new FormatException(),
    };
}
