using System.Text;

namespace PolicyLayer.Grammars.Addresses;

/// <summary>A URL's host that every reader takes for the same: a name, or an address in its plain form.</summary>
internal readonly ref struct UrlHost
{

    /// <summary>Without a final dot; empty for an IPv6 address.</summary>
    private readonly ReadOnlySpan<byte> _text;
    private readonly UInt128 _address;
    private readonly bool _isAddress;

    private UrlHost(ReadOnlySpan<byte> text, UInt128 address, bool isAddress)
    {
        _text = text;
        _address = address;
        _isAddress = isAddress;
    }

    public bool IsName => !_isAddress;

    public static bool TryRead(ReadOnlySpan<byte> text, out UrlHost host)
    {
        if (text is [(byte)'[', .., (byte)']'])
        {
            bool isIPv6 = IPv6Literal.TryRead(text[1..^1], out UInt128 address);
            host = new UrlHost([], address, isAddress: true);
            return isIPv6;
        }

        // What has a final dot is asked of DNS, digits too.
        if (AddressFormats.IsIPv4(text))
        {
            host = new UrlHost(text, ReadIPv4(text), isAddress: true);
            return true;
        }

        host = new UrlHost(text is [.., (byte)'.'] ? text[..^1] : text, 0, isAddress: false);
        return HostnameFormat.IsDomain(host._text) && !HostnameFormat.EndsInNumber(host._text);
    }

    /// <summary>The last 32 bits, which are an IPv4 address, or in some prefixes lead to one.</summary>
    private uint IPv4 => (uint)_address;

    /// <summary>
    /// Whether this host is another one; near, where both may be: an IPv4 address and one of IPv6 that leads to it (<c>::ffff:7f00:1</c>),
    /// or <c>0.0.0.0</c>, which kernels take for the machine itself.
    /// </summary>
    public Nearness Compare(UrlHost other)
    {
        if (_isAddress != other._isAddress)
        {
            return Nearness.Apart;
        }

        if (!_isAddress)
        {
            return Ascii.EqualsIgnoreCase(_text, other._text) ? Nearness.Match : Nearness.Apart;
        }

        bool isOneFamily = _text.IsEmpty == other._text.IsEmpty;
        if (isOneFamily && _address == other._address)
        {
            return Nearness.Match;
        }

        bool couldBe = IPv4 == 0 || other.IPv4 == 0 || (!isOneFamily && IPv4 == other.IPv4);
        return couldBe ? Nearness.Near : Nearness.Apart;
    }

    /// <summary>Whether this host lies below another one; near, where one that knows IDNA may refuse it or spell it otherwise.</summary>
    public Nearness CompareBelow(UrlHost parent)
    {
        if (_isAddress || parent._isAddress || !DomainName.IsBelow(_text, parent._text))
        {
            return Nearness.Apart;
        }

        return HasAceLabel(_text[..^parent._text.Length]) ? Nearness.Near : Nearness.Match;
    }

    private static bool HasAceLabel(ReadOnlySpan<byte> labels)
    {
        foreach (Range label in labels.Split((byte)'.'))
        {
            if (labels[label] is [(byte)'x' or (byte)'X', (byte)'n' or (byte)'N', (byte)'-', (byte)'-', ..])
            {
                return true;
            }
        }

        return false;
    }

    private static UInt128 ReadIPv4(ReadOnlySpan<byte> text)
    {
        uint address = 0;
        uint part = 0;
        foreach (byte b in text)
        {
            (address, part) = b == '.' ? ((address << 8) | part, 0u) : (address, (part * 10) + b - '0');
        }

        return (address << 8) | part;
    }
}
