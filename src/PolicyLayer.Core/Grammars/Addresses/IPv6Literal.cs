using System.Buffers.Text;

namespace PolicyLayer.Grammars.Addresses;

/// <summary>The 16 bytes of an IPv6 address (RFC 4291 section 2.2), without a zone and without an IPv4 address at its end.</summary>
internal static class IPv6Literal
{
    private const int GroupBits = 16;
    private const int MaxGroups = 8;
    private const int MaxDigits = 4;

    public static bool TryRead(ReadOnlySpan<byte> text, out UInt128 address)
    {
        int gap = text.IndexOf("::"u8);
        if (gap < 0)
        {
            return TryReadGroups(text, out address, out int all) && all == MaxGroups;
        }

        bool isRead = TryReadGroups(text[..gap], out UInt128 before, out int left)
            & TryReadGroups(text[(gap + 2)..], out UInt128 after, out int right)
            && left + right < MaxGroups;
        address = left == 0 || !isRead ? after : after | (before << ((MaxGroups - left) * GroupBits));
        return isRead;
    }

    private static bool TryReadGroups(ReadOnlySpan<byte> text, out UInt128 bits, out int groups)
    {
        bits = 0;
        groups = 0;
        while (!text.IsEmpty)
        {
            int colon = text.IndexOf((byte)':');
            ReadOnlySpan<byte> group = colon < 0 ? text : text[..colon];
            if (group.Length is 0 or > MaxDigits
                || !Utf8Parser.TryParse(group, out ushort value, out int read, 'x')
                || read != group.Length
                || ++groups > MaxGroups
                || colon == text.Length - 1)
            {
                return false;
            }

            bits = (bits << GroupBits) | value;
            text = colon < 0 ? [] : text[(colon + 1)..];
        }

        return true;
    }
}
