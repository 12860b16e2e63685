namespace PolicyLayer.Json.Canonical;

/// <summary>The order of texts by their UTF-16 code units, found from their UTF-8.</summary>
internal static class Utf16Order
{
    private const byte FirstAboveSurrogates = 0xEE;
    private const byte FirstOfPairs = 0xF0;
    private const byte BehindPairs = 0x10;

    public static int Compare(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        int same = a.CommonPrefixLength(b);
        return same == a.Length || same == b.Length ? a.Length - b.Length : Rank(a[same]) - Rank(b[same]);
    }

    /// <summary>A text's beginning as a number: where two differ, the texts are ordered as they are.</summary>
    public static ulong KeyOf(ReadOnlySpan<byte> text)
    {
        ulong key = 0;
        for (int i = 0; i < sizeof(ulong); i++)
        {
            key = (key << 8) | (uint)(i < text.Length ? Rank(text[i]) : 0);
        }

        return key;
    }

    // The orders differ in one thing: what UTF-16 writes as surrogates comes before U+E000 to U+FFFF. Where texts begin to differ
    // within a character, they have its first byte in common, and order it alike.
    private static int Rank(byte unit) => unit is >= FirstAboveSurrogates and < FirstOfPairs ? unit + BehindPairs : unit;
}
