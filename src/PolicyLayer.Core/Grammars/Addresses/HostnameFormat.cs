using System.Buffers;

namespace PolicyLayer.Grammars.Addresses;

/// <summary>
/// <c>hostname</c>: RFC 1123 section 2.1. Labels of letters, digits and inner hyphens, 63 each and 253 in all, without a final dot;
/// never the dotted-decimal form of an address.
/// </summary>
internal static class HostnameFormat
{
    private const int MaxLength = 253;
    private const int MaxLabelLength = 63;

    private const int AddressLabels = 4;

    private static readonly SearchValues<byte> DigitBytes = SearchValues.Create("0123456789"u8);
    private static readonly SearchValues<byte> AddressBytes = SearchValues.Create("0123456789."u8);

    public static bool Matches(ReadOnlySpan<byte> text) => IsDomain(text) && !IsDottedDecimal(text);

    /// <summary>Whether the labels are in order, whatever they say.</summary>
    public static bool IsDomain(ReadOnlySpan<byte> text)
    {
        if (text.Length > MaxLength)
        {
            return false;
        }

        foreach (Range label in text.Split((byte)'.'))
        {
            if (!IsLabel(text[label]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether some readers take it for an IPv4 address: its last label is digits, or begins as a hexadecimal number.</summary>
    public static bool EndsInNumber(ReadOnlySpan<byte> domain)
    {
        ReadOnlySpan<byte> label = domain[(domain.LastIndexOf((byte)'.') + 1)..];
        return !label.ContainsAnyExcept(DigitBytes) || label is [(byte)'0', (byte)'x' or (byte)'X', ..];
    }

    private static bool IsDottedDecimal(ReadOnlySpan<byte> text) =>
        text.Count((byte)'.') == AddressLabels - 1 && !text.ContainsAnyExcept(AddressBytes);

    private static bool IsLabel(ReadOnlySpan<byte> label)
    {
        if (label.Length is 0 or > MaxLabelLength || label[0] == '-' || label[^1] == '-')
        {
            return false;
        }

        foreach (byte b in label)
        {
            if (!char.IsAsciiLetterOrDigit((char)b) && b != '-')
            {
                return false;
            }
        }

        return true;
    }
}
