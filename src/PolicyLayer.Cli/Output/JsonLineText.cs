using System.Buffers;
using System.Globalization;
using System.Text;

namespace PolicyLayer.Cli.Output;

/// <summary>Makes a JSON text fit for a line that a terminal may show: a parser reads the same values in it.</summary>
internal static class JsonLineText
{
    /// <summary>
    /// Escapes controls, format characters and line separators. They stand in strings alone; an ASCII control stands between values alone.
    /// </summary>
    public static ReadOnlySpan<byte> Escape(ReadOnlySpan<byte> json)
    {
        int first = json.IndexOfAnyExceptInRange((byte)0x20, (byte)0x7E);
        if (first < 0)
        {
            return json;
        }

        var escaped = new ArrayBufferWriter<byte>(json.Length);
        escaped.Write(json[..first]);
        ReadOnlySpan<byte> rest = json[first..];
        while (!rest.IsEmpty)
        {
            // What is no UTF-8 is read as U+FFFD, which a parser would read too.
            bool isWhole = Rune.DecodeFromUtf8(rest, out Rune rune, out int length) == OperationStatus.Done;
            if (rune.Value < 0x20)
            {
                escaped.Write(" "u8);
            }
            else if (!isWhole || IsEscaped(rune))
            {
                WriteEscaped(rune, escaped);
            }
            else
            {
                escaped.Write(rest[..length]);
            }

            rest = rest[length..];
        }

        return escaped.WrittenSpan;
    }

    private static bool IsEscaped(Rune rune) => rune.Value >= 0x7F && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control
        or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static void WriteEscaped(Rune rune, ArrayBufferWriter<byte> output)
    {
        Span<char> units = stackalloc char[2];
        foreach (char unit in units[..rune.EncodeToUtf16(units)])
        {
            output.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}")));
        }
    }
}
