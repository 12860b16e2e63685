using System.Buffers;
using System.Text;

namespace PolicyLayer.Grammars.Addresses;

/// <summary>
/// <c>email</c>: a Mailbox of RFC 5321 section 4.1.2. The local part is words joined by dots or one quoted string, at most 64 octets; the
/// domain is a host name or an address in brackets; 254 octets in all.
/// </summary>
internal static class EmailFormat
{
    private const int MaxLength = 254;
    private const int MaxLocalLength = 64;

    private static readonly SearchValues<byte> WordBytes = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~"u8);

    public static bool Matches(ReadOnlySpan<byte> text)
    {
        // A domain has no @, a quoted local part may.
        int at = text.LastIndexOf((byte)'@');
        return text.Length <= MaxLength && at is > 0 and <= MaxLocalLength && IsLocalPart(text[..at]) && IsDomain(text[(at + 1)..]);
    }

    private static bool IsLocalPart(ReadOnlySpan<byte> text)
    {
        if (text[0] == '"')
        {
            return text.Length >= 2 && text[^1] == '"' && IsQuoted(text[1..^1]);
        }

        foreach (Range word in text.Split((byte)'.'))
        {
            if (text[word].IsEmpty || text[word].ContainsAnyExcept(WordBytes))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsQuoted(ReadOnlySpan<byte> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == '"')
            {
                return false;
            }

            if (i == text.Length || text[i] is < (byte)' ' or > (byte)'~')
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsDomain(ReadOnlySpan<byte> text)
    {
        if (text.Length < 2 || text[0] != '[' || text[^1] != ']')
        {
            return HostnameFormat.IsDomain(text);
        }

        ReadOnlySpan<byte> address = text[1..^1];
        ReadOnlySpan<byte> tag = "IPv6:"u8;
        return address.Length >= tag.Length && Ascii.EqualsIgnoreCase(address[..tag.Length], tag)
            ? AddressFormats.IsIPv6(address[tag.Length..])
            : AddressFormats.IsIPv4(address);
    }
}
