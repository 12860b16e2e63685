using System.Net;
using System.Net.Sockets;

namespace PolicyLayer.Proxy.Http;

/// <summary>As who an address is counted.</summary>
internal static class ClientAddress
{
    // Whoever has one address of IPv6 has the 2^64 of its network.
    public static IPAddress KeyOf(IPAddress? address)
    {
        if (address is null)
        {
            return IPAddress.None;
        }

        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        byte[] bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }
}
