namespace PolicyLayer.Json.Scanning;

/// <summary>Checks a number against the grammar of RFC 8259.</summary>
internal static class JsonNumberScanner
{
    /// <summary>The offset behind the number that begins here, or -1 when none does.</summary>
    public static int Scan(ReadOnlySpan<byte> text, int i)
    {
        if (ByteAt(text, i) == '-')
        {
            i++;
        }

        int digits = i;
        i = SkipDigits(text, i);
        if (i == digits || (text[digits] == '0' && i > digits + 1))
        {
            return -1;
        }

        if (ByteAt(text, i) == '.')
        {
            digits = ++i;
            i = SkipDigits(text, i);
            if (i == digits)
            {
                return -1;
            }
        }

        if ((ByteAt(text, i) | 0x20) == 'e')
        {
            i++;
            if (ByteAt(text, i) is (byte)'+' or (byte)'-')
            {
                i++;
            }

            digits = i;
            i = SkipDigits(text, i);
            if (i == digits)
            {
                return -1;
            }
        }

        return i;
    }

    private static int SkipDigits(ReadOnlySpan<byte> text, int i)
    {
        while ((uint)i < (uint)text.Length && (uint)(text[i] - '0') <= 9)
        {
            i++;
        }

        return i;
    }

    private static byte ByteAt(ReadOnlySpan<byte> text, int i) => (uint)i < (uint)text.Length ? text[i] : (byte)0;
}
