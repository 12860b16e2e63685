using System.Net;
using System.Security.Cryptography.X509Certificates;
using PolicyLayer.Grants;

namespace PolicyLayer.Proxy.Http;

/// <summary>The options of a proxy as they were when it started, all of them in range. Immutable.</summary>
internal sealed class HttpSettings
{
    private static readonly string[] Reserved =
    [
        "Authorization", "Cookie", "Host", "Origin", "Connection", "Content-Type", "Content-Length", "Content-Encoding",
        "Transfer-Encoding",
        "Upgrade", "TE", "Trailer", "Expect", "Accept", HeaderNames.LastEvent,
    ];

    private HttpSettings(HttpProxyOptions options)
    {
        Guard = options.Guard;
        Listen = options.Listen;
        Grants = options.Guard.GrantId is null ? options.Grants : null;
        KnownGrants = options.Grants;
        SessionHeader = options.SessionHeader;
        Certificate = options.Certificate;
        AllowedOrigins = [.. options.AllowedOrigins.Select(OriginOf)];
        AllowedHosts = [.. options.AllowedHosts];
        UpstreamHeaders = [.. options.UpstreamHeaders];
        MaxChildren = options.MaxChildren;
        Paths = Listen.AbsolutePath == "/" ? ["/", "/mcp"] : [Listen.AbsolutePath];
    }

    public McpProxyOptions Guard { get; }

    public Uri Listen { get; }

    /// <summary>What names callers by their tokens; null where all of them have one grant.</summary>
    public GrantDirectory? Grants { get; }

    /// <summary>What says whether a grant is in force; null for nothing.</summary>
    public GrantDirectory? KnownGrants { get; }

    public string? SessionHeader { get; }

    public X509Certificate2? Certificate { get; }

    public IReadOnlyList<string> AllowedOrigins { get; }

    public IReadOnlyList<string> AllowedHosts { get; }

    public IReadOnlyList<KeyValuePair<string, string>> UpstreamHeaders { get; }

    public IReadOnlyList<string> Paths { get; }

    public int MaxChildren { get; }

    /// <summary>Whether a grant may be used; one that nobody lists is the authorizer's to know.</summary>
    public bool IsInForce(string grantId, string? tokenSha256) => KnownGrants is null
        || (KnownGrants.Find(grantId) is { } grant
            ? IsInForce(grant) && (tokenSha256 is null || tokenSha256 == grant.TokenSha256)
            : Grants is null);

    /// <summary>Whether a grant may be used.</summary>
    public bool IsInForce(Grant grant) => !grant.IsRevoked && !(grant.Expires <= Guard.TimeProvider.GetUtcNow());

    /// <summary>Reads the options.</summary>
    /// <param name="upstream">The server's address; null for a server that is a command.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="ArgumentException">One is out of range, or goes with no other.</exception>
    public static HttpSettings Of(Uri? upstream, HttpProxyOptions options)
    {
        options.Guard.Validate();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxChildren, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaxChildren, HttpProxyOptions.MostChildren, nameof(options));
        if (upstream is not null)
        {
            CheckUpstream(upstream);
        }
        else if (options.UpstreamHeaders.Count > 0)
        {
            throw new ArgumentException("A server that is a command gets no headers.", nameof(options));
        }

        CheckListen(options);
        if (options.Grants is null && options.Guard.GrantId is null)
        {
            throw new ArgumentException(
                $"Nobody could call. Help: set `{nameof(HttpProxyOptions.Grants)}`, whose tokens callers bring, or "
                + $"`{nameof(HttpProxyOptions.Guard)}.{nameof(McpProxyOptions.GrantId)}` to put all of them under one grant.",
                nameof(options));
        }

        if (options.SessionHeader is { } session && (!HeaderText.IsToken(session) || IsReserved(session)))
        {
            throw new ArgumentException("The session's header isn't one that a gateway can set.", nameof(options));
        }

        CheckUpstreamHeaders(options);
        return new HttpSettings(options);
    }

    private static void CheckUpstreamHeaders(HttpProxyOptions options)
    {
        using var probe = new HttpRequestMessage();
        foreach ((string name, string value) in options.UpstreamHeaders)
        {
            bool isCredential = name.Equals("Authorization", StringComparison.OrdinalIgnoreCase)
                || name.Equals("Cookie", StringComparison.OrdinalIgnoreCase);
            bool isSendable = HeaderText.IsToken(name) && value is not null && HeaderText.IsPlain(value)
                && probe.Headers.TryAddWithoutValidation(name, value);
            if (!isSendable || (IsReserved(name) && !isCredential))
            {
                throw new ArgumentException(
                    $"A header for the server isn't one that the proxy can send: `{name}`. Help: its value is printable ASCII, and the "
                    + "protocol's own headers are the caller's.", nameof(options));
            }
        }
    }

    private static bool IsReserved(string name) =>
        Reserved.Contains(name, StringComparer.OrdinalIgnoreCase) || name.StartsWith("Mcp-", StringComparison.OrdinalIgnoreCase);

    private static void CheckUpstream(Uri upstream)
    {
        if (!upstream.IsAbsoluteUri || !IsWeb(upstream) || upstream.UserInfo.Length > 0 || upstream.Fragment.Length > 0)
        {
            throw new ArgumentException(
                "The server's address is an absolute `http` or `https` one without user or fragment. Help: credentials go into "
                + $"`{nameof(HttpProxyOptions.UpstreamHeaders)}`.", nameof(upstream));
        }
    }

    private static void CheckListen(HttpProxyOptions options)
    {
        Uri listen = options.Listen;
        ArgumentNullException.ThrowIfNull(listen, nameof(options));
        bool hasAddress = listen.IsAbsoluteUri && IsWeb(listen) && (listen.Host == "localhost" || IPAddress.TryParse(listen.Host, out _));
        if (!hasAddress || listen.UserInfo.Length > 0 || listen.Query.Length > 0 || listen.Fragment.Length > 0)
        {
            throw new ArgumentException(
                "The proxy listens at an IP address or `localhost`, by `http` or `https`, without user, query or fragment.",
                nameof(options));
        }

        if (listen.Scheme == Uri.UriSchemeHttps != options.Certificate is not null)
        {
            throw new ArgumentException("An `https` address goes with a certificate, and an `http` address without.", nameof(options));
        }
    }

    private static bool IsWeb(Uri address) => address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps;

    private static string OriginOf(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? origin) || origin.AbsolutePath != "/" || origin.Authority.Length == 0
            || origin.UserInfo.Length > 0 || origin.Query.Length > 0 || origin.Fragment.Length > 0)
        {
            throw new ArgumentException(
                "An origin is a scheme, a host and, if need be, a port, such as `https://app.example`.",
                nameof(text));
        }

        return $"{origin.Scheme}://{origin.Authority}";
    }
}
