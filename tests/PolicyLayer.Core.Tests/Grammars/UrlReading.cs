using System.Net;

namespace PolicyLayer.Tests.Grammars;

/// <summary>Where a reader of URLs would go.</summary>
internal sealed record UrlReading(string Scheme, string Host, int Port, string Path)
{
    /// <summary>What <see cref="Uri"/> makes of a text; null if it refuses.</summary>
    public static UrlReading? ByUri(string text) => Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Host.Length > 0
        ? new UrlReading(uri.Scheme, Canonical(uri.Host), uri.Port, uri.AbsolutePath)
        : null;

    /// <summary>What Node made of it: <c>scheme host port path</c>; null if it refused.</summary>
    public static UrlReading? ByNode(string? answer)
    {
        if (answer?.Split(' ', 4) is not [string scheme, { Length: > 0 } host, string port, string path])
        {
            return null;
        }

        int usual = scheme is "http" or "ws" ? 80 : 443;
        return new UrlReading(scheme, Canonical(host), port.Length == 0 ? usual : int.Parse(port, null), path);
    }

    /// <summary>A host without what doesn't count: case, one final dot, the spelling of an address.</summary>
    public static string Canonical(string host)
    {
        string name = (host.EndsWith('.') ? host[..^1] : host).ToLowerInvariant();
        return IPAddress.TryParse(name, out IPAddress? address) && (name.Contains(':') || name.Count(c => c == '.') == 3)
            ? address.ToString()
            : name;
    }
}
