namespace PolicyLayer.Grammars.Addresses;

/// <summary><c>ipv4</c>: RFC 2673 section 3.2, without leading zeros. <c>ipv6</c>: RFC 4291 section 2.2, without a zone.</summary>
internal static class AddressFormats
{
    private const int Groups = 8;

    public static bool IsIPv4(ReadOnlySpan<byte> text)
    {
        int parts = 0;
        foreach (Range range in text.Split((byte)'.'))
        {
            if (++parts > 4 || !IsOctet(text[range]))
            {
                return false;
            }
        }

        return parts == 4;
    }

    public static bool IsIPv6(ReadOnlySpan<byte> text)
    {
        int gap = text.IndexOf("::"u8);
        if (gap < 0)
        {
            return CountGroups(text, mayEndInIPv4: true) == Groups;
        }

        int before = gap == 0 ? 0 : CountGroups(text[..gap], mayEndInIPv4: false);
        ReadOnlySpan<byte> rest = text[(gap + 2)..];
        int after = rest.IsEmpty ? 0 : CountGroups(rest, mayEndInIPv4: true);
        return before >= 0 && after >= 0 && before + after < Groups;
    }

    /// <summary>The groups of 16 bits; negative when something else is there.</summary>
    private static int CountGroups(ReadOnlySpan<byte> text, bool mayEndInIPv4)
    {
        int groups = 0;
        while (true)
        {
            int colon = text.IndexOf((byte)':');
            ReadOnlySpan<byte> group = colon < 0 ? text : text[..colon];
            if (colon < 0 && mayEndInIPv4 && IsIPv4(group))
            {
                return groups + 2;
            }

            if (group.Length is 0 or > 4 || !AreHex(group) || ++groups > Groups)
            {
                return int.MinValue;
            }

            if (colon < 0)
            {
                return groups;
            }

            text = text[(colon + 1)..];
        }
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

    private static bool IsOctet(ReadOnlySpan<byte> text)
    {
        if (text.Length is 0 or > 3 || (text.Length > 1 && text[0] == '0'))
        {
            return false;
        }

        int value = 0;
        foreach (byte b in text)
        {
            if (!char.IsAsciiDigit((char)b))
            {
                return false;
            }

            value = (value * 10) + (b - '0');
        }

        return value <= 255;
    }
}
