using System.Buffers;
using PolicyLayer.Grammars.Addresses;

namespace PolicyLayer.DecisionTree.Schemas.Formats;

/// <summary><c>uri</c> and <c>uri-reference</c>: the grammar of RFC 3986.</summary>
internal static class UriFormats
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const string Digits = "0123456789";
    private const string Unreserved = Letters + Digits + "-._~";
    private const string SubDelimiters = "!$&'()*+,;=";

    private static readonly SearchValues<byte> SchemeBytes = Bytes(Letters + Digits + "+-.");
    private static readonly SearchValues<byte> UserInfoBytes = Bytes(Unreserved + SubDelimiters + ":");
    private static readonly SearchValues<byte> HostBytes = Bytes(Unreserved + SubDelimiters);
    private static readonly SearchValues<byte> PathBytes = Bytes(Unreserved + SubDelimiters + ":@/");
    private static readonly SearchValues<byte> QueryBytes = Bytes(Unreserved + SubDelimiters + ":@/?");

    public static bool IsUri(ReadOnlySpan<byte> text)
    {
        int scheme = SchemeLength(text);
        return scheme > 0 && IsHierarchy(text[(scheme + 1)..]);
    }

    public static bool IsUriReference(ReadOnlySpan<byte> text)
    {
        if (IsUri(text))
        {
            return true;
        }

        // Without a scheme, the first segment of a path has no colon.
        int end = text.IndexOfAny("/?#"u8);
        return !(end < 0 ? text : text[..end]).Contains((byte)':') && IsHierarchy(text);
    }

    /// <summary>The length of the scheme that is followed by a colon; 0 when there is none.</summary>
    private static int SchemeLength(ReadOnlySpan<byte> text)
    {
        int colon = text.IndexOf((byte)':');
        bool isScheme = colon > 0 && char.IsAsciiLetter((char)text[0]) && !text[..colon].ContainsAnyExcept(SchemeBytes);
        return isScheme ? colon : 0;
    }

    /// <summary>What may follow a scheme: authority, path, query, fragment.</summary>
    private static bool IsHierarchy(ReadOnlySpan<byte> text)
    {
        int hash = text.IndexOf((byte)'#');
        if (hash >= 0)
        {
            if (!AreEncoded(text[(hash + 1)..], QueryBytes))
            {
                return false;
            }

            text = text[..hash];
        }

        int question = text.IndexOf((byte)'?');
        if (question >= 0)
        {
            if (!AreEncoded(text[(question + 1)..], QueryBytes))
            {
                return false;
            }

            text = text[..question];
        }

        if (!text.StartsWith("//"u8))
        {
            return AreEncoded(text, PathBytes);
        }

        text = text[2..];
        int slash = text.IndexOf((byte)'/');
        return slash < 0 ? IsAuthority(text) : IsAuthority(text[..slash]) && AreEncoded(text[slash..], PathBytes);
    }

    private static bool IsAuthority(ReadOnlySpan<byte> text)
    {
        int at = text.IndexOf((byte)'@');
        if (at >= 0)
        {
            if (!AreEncoded(text[..at], UserInfoBytes))
            {
                return false;
            }

            text = text[(at + 1)..];
        }

        int hostEnd = text.StartsWith("["u8) ? text.IndexOf((byte)']') + 1 : text.IndexOf((byte)':');
        ReadOnlySpan<byte> host = hostEnd < 0 ? text : text[..hostEnd];
        ReadOnlySpan<byte> port = hostEnd < 0 ? default : text[hostEnd..];
        bool isPort = port.IsEmpty || (port[0] == ':' && !port[1..].ContainsAnyExceptInRange((byte)'0', (byte)'9'));
        return isPort && (text.StartsWith("["u8) ? host.Length > 2 && IsLiteral(host[1..^1]) : AreEncoded(host, HostBytes));
    }

    /// <summary>What stands in brackets: an IPv6 address, or one of a future version.</summary>
    private static bool IsLiteral(ReadOnlySpan<byte> text)
    {
        if (text[0] is not ((byte)'v' or (byte)'V'))
        {
            return AddressFormats.IsIPv6(text);
        }

        int dot = text.IndexOf((byte)'.');
        if (dot < 2 || dot == text.Length - 1 || text[(dot + 1)..].ContainsAnyExcept(UserInfoBytes))
        {
            return false;
        }

        foreach (byte b in text[1..dot])
        {
            if (!char.IsAsciiHexDigit((char)b))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether all bytes are allowed ones, or of a percent-encoded one.</summary>
    private static bool AreEncoded(ReadOnlySpan<byte> text, SearchValues<byte> allowed)
    {
        while (true)
        {
            int other = text.IndexOfAnyExcept(allowed);
            if (other < 0)
            {
                return true;
            }

            if (text[other] != '%'
                || text.Length - other < 3
                || !char.IsAsciiHexDigit((char)text[other + 1])
                || !char.IsAsciiHexDigit((char)text[other + 2]))
            {
                return false;
            }

            text = text[(other + 3)..];
        }
    }

    private static SearchValues<byte> Bytes(string ascii) => SearchValues.Create(System.Text.Encoding.ASCII.GetBytes(ascii));
}
