using System.Net;
using Microsoft.AspNetCore.Http;

namespace PolicyLayer.Proxy.Http;

/// <summary>
/// Whether requests are addressed to this proxy. A web page whose name was made to lead here (DNS rebinding) has the browser send that
/// name, and is refused by it.
/// </summary>
internal sealed class AddressedHost(IReadOnlyList<string> allowed)
{
    private readonly HashSet<string> _allowed = new(allowed, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the host is the address that the request came to, or one that was allowed, with any port or its own.</summary>
    public bool IsOurs(HttpContext context)
    {
        HostString host = context.Request.Host;
        if (!host.HasValue)
        {
            return false;
        }

        return _allowed.Contains(host.Host) || _allowed.Contains(host.Value) || IsLocal(host, context);
    }

    private static bool IsLocal(HostString host, HttpContext context)
    {
        ConnectionInfo connection = context.Connection;
        if (connection.LocalIpAddress is not { } local || (host.Port ?? (context.Request.IsHttps ? 443 : 80)) != connection.LocalPort)
        {
            return false;
        }

        local = local.IsIPv4MappedToIPv6 ? local.MapToIPv4() : local;
        bool isLoopback = IPAddress.IsLoopback(local);
        return IPAddress.TryParse(host.Host, out IPAddress? named)
            ? named.Equals(local) || (isLoopback && IPAddress.IsLoopback(named))
            : isLoopback && host.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase);
    }
}
