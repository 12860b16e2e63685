using System.Security.Cryptography.X509Certificates;
using PolicyLayer.Grants;

namespace PolicyLayer.Proxy;

/// <summary>How a proxy is reached over HTTP, and reaches a server over HTTP. Set before it starts, and not thread-safe.</summary>
public sealed class HttpProxyOptions
{
    /// <summary>The largest <see cref="MaxChildren"/>.</summary>
    internal const int MostChildren = 1000;

    /// <summary>How calls are guarded.</summary>
    public McpProxyOptions Guard { get; } = new();

    /// <summary>
    /// Where to listen: <c>http://127.0.0.1:0</c> by default, which is any free port. The address is an IP address or <c>localhost</c>;
    /// a path other than <c>/</c> is the only one served, else <c>/</c> and <c>/mcp</c> are.
    /// </summary>
    public Uri Listen { get; set; } = new("http://127.0.0.1:0");

    /// <summary>
    /// The grants that bearer tokens name; null, the default, only where <see cref="McpProxyOptions.GrantId"/> puts all callers under one.
    /// </summary>
    public GrantDirectory? Grants { get; set; }

    /// <summary>
    /// The header that says a call's session, set by a gateway that is trusted and that lets no caller's own through; null, the default,
    /// for the protocol's session where there is one.
    /// </summary>
    public string? SessionHeader { get; set; }

    /// <summary>The origins of web pages that may call, such as <c>https://app.example</c>; none by default.</summary>
    public IList<string> AllowedOrigins { get; } = [];

    /// <summary>The names, beside those of this machine, that requests may be addressed to (<c>Host</c>); none by default.</summary>
    public IList<string> AllowedHosts { get; } = [];

    /// <summary>The certificate for <c>https</c> addresses; null, the default, for <c>http</c>.</summary>
    public X509Certificate2? Certificate { get; set; }

    /// <summary>
    /// Headers that go with every request to the server, such as its credentials; none by default. Their values are logged nowhere.
    /// </summary>
    public IDictionary<string, string> UpstreamHeaders { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// How many processes may run at once where the server is a command: one for each session of the protocol, and one for each grant of
    /// callers without sessions. 16 by default, from 1 to 1,000; who would need another one is answered with status 503.
    /// </summary>
    public int MaxChildren { get; set; } = 16;
}
