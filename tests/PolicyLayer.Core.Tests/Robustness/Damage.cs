using System.Text;
using PolicyLayer.Tests.Differential;

namespace PolicyLayer.Tests.Robustness;

/// <summary>What happens to documents: bits flip, ends are cut off, parts stand twice, junk comes between.</summary>
internal static class Damage
{
    private static readonly string[] Junk =
    [
        "{", "}", "[", "]", ",", ":", "\"", "null", "//", "/**/", "\\u0000", "\\ud800", "\u0000", "1e999999999", "-", "\"default\":",
        "\"*\"", "\"version\":\"1\",", "NaN", "\uFEFF", "'", "(?=", "[*]", "é", "\uD83D\uDE00",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    ];

    /// <summary>The document with one to three things wrong somewhere, or right by accident.</summary>
    public static byte[] Of(byte[] document, Random random)
    {
        byte[] damaged = document;
        for (int i = 1 + random.Next(3); i > 0; i--)
        {
            damaged = DamagedOnce(damaged, random);
        }

        return damaged;
    }

    private static byte[] DamagedOnce(byte[] document, Random random)
    {
        int start = random.Next(document.Length + 1);
        int end = random.Next(start, Math.Min(document.Length, start + 60) + 1);
        byte[] junk = Encoding.UTF8.GetBytes(random.One(Junk));
        switch (random.Next(6))
        {
            case 0 when start < document.Length:
                byte[] flipped = [.. document];
                flipped[start] ^= (byte)(1 << random.Next(8));
                return flipped;
            case 1:
                return [.. document[..start], .. document[end..]];
            case 2:
                return [.. document[..end], .. document[start..]];
            case 3:
                return [.. document[..start], .. junk, .. document[start..]];
            case 4:
                return random.Percent(80)
                    ? [.. document[..start], (byte)'[', .. document[start..end], (byte)']', .. document[end..]]
                    : document[..start];
            default:
                return [.. document[..start], (byte)random.Next(256), .. document[end..]];
        }
    }
}
