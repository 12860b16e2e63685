using System.Globalization;
using System.Text;

namespace PolicyLayer.Counters;

/// <summary>Reads the text of a key back. INVARIANT: it takes exactly what a key writes, so that no two texts are one counter.</summary>
internal static class CounterKeyReader
{
    private const int PlainParts = 7;
    private const int Escaped = 4;

    public static bool TryRead(string text, out CounterKey key)
    {
        key = default;
        string[] parts = text.Split('|');
        CounterKind kind = CounterKind.Limit;
        if (parts.Length is < PlainParts or > PlainParts + 2
            || !CounterWireNames.TryParse(parts[2], out CounterScope scope)
            || !CounterWindowLength.TryParse(parts[5], out CounterWindowLength window)
            || !CounterWireNames.TryParse(parts[6], out CounterAlgorithm algorithm)
            || (window.IsCalendar && algorithm != CounterAlgorithm.Fixed)
            || (parts.Length > PlainParts && !CounterWireNames.TryParse(parts[PlainParts], out kind)))
        {
            return false;
        }

        string? partition = parts.Length > PlainParts + 1 ? parts[^1] : null;
        if (partition is not null && !CounterKey.IsDigest(partition))
        {
            return false;
        }

        var definition = new CounterDefinition(
            Unescape(parts[0]), Unescape(parts[1]), scope, window, algorithm, kind, isPartitioned: partition is not null);
        var read = new CounterKey(definition, Unescape(parts[3]), Unescape(parts[4]), partition);
        bool isWritten = read.ToString() == text;
        key = isWritten ? read : default;
        return isWritten;
    }

    private static string Unescape(string part)
    {
        if (!part.Contains('%', StringComparison.Ordinal))
        {
            return part;
        }

        var text = new StringBuilder(part.Length);
        for (int i = 0; i < part.Length; i++)
        {
            if (part[i] == '%' && TryReadCode(part.AsSpan(i + 1), out char character))
            {
                text.Append(character);
                i += Escaped;
            }
            else
            {
                text.Append(part[i]);
            }
        }

        return text.ToString();
    }

    private static bool TryReadCode(ReadOnlySpan<char> text, out char character)
    {
        ushort code = 0;
        bool isCode = text.Length >= Escaped
            && ushort.TryParse(text[..Escaped], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out code);
        character = (char)code;
        return isCode;
    }
}
