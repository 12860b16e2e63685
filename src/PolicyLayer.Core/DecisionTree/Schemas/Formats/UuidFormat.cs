namespace PolicyLayer.DecisionTree.Schemas.Formats;

/// <summary><c>uuid</c>: RFC 4122 section 3, any version and variant.</summary>
internal static class UuidFormat
{
    public static bool Matches(ReadOnlySpan<byte> text)
    {
        if (text.Length != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-')
        {
            return false;
        }

        return AreHex(text[..8]) && AreHex(text[9..13]) && AreHex(text[14..18]) && AreHex(text[19..23]) && AreHex(text[24..]);
    }

    private static bool AreHex(ReadOnlySpan<byte> text)
    {
        foreach (byte b in text)
        {
            if (!char.IsAsciiHexDigit((char)b))
            {
                return false;
            }
        }

        return true;
    }
}
