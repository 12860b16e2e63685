namespace PolicyLayer.Cli.Commands;

/// <summary>How <c>proxy</c> serves over HTTP.</summary>
internal sealed record ProxyHttpSettings
{
    public required Uri Listen { get; init; }

    /// <summary>The server's address; null for one that is started.</summary>
    public Uri? Upstream { get; init; }

    /// <summary>How many servers may run at once that are started; null for the default.</summary>
    public int? MaxChildren { get; init; }

    public string? SessionHeader { get; init; }

    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];

    /// <summary>The file of the certificate in PEM; null for <c>http</c>.</summary>
    public string? Certificate { get; init; }

    /// <summary>The file of its private key in PEM; there where the certificate is.</summary>
    public string? CertificateKey { get; init; }

    /// <summary>Names of headers for the server, and the variables that have their values.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> UpstreamHeaders { get; init; } = [];
}
