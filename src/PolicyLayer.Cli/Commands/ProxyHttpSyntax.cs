using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using PolicyLayer.Cli.Proxying;

namespace PolicyLayer.Cli.Commands;

/// <summary>What <c>proxy</c> takes to serve over HTTP.</summary>
internal sealed class ProxyHttpSyntax
{
    private readonly Option<string> _listen = new("--listen")
    {
        Description = "Serve over HTTP at this address, as in http://127.0.0.1:8080.",
        HelpName = "URL",
    };

    private readonly Option<string> _upstream = new("--upstream")
    {
        Description = "The server's address, of streamable HTTP.",
        HelpName = "URL",
    };

    private readonly Option<string[]> _upstreamHeaders = new("--upstream-header")
    {
        Description = "A header for the server, such as its credentials, from a variable: of callers' headers it gets none of those.",
        HelpName = "NAME=ENV_VARIABLE",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string> _sessionHeader = new("--session-header")
    {
        Description = "The header that says a call's session, set by a gateway that lets no caller's own through.",
        HelpName = "NAME",
    };

    private readonly Option<string[]> _origins = new("--allow-origin")
    {
        Description = "Web pages that may call, as in https://app.example.",
        HelpName = "ORIGIN",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string> _certificate = new("--certificate")
    {
        Description = "The certificate for https.",
        HelpName = "PEM",
    };

    private readonly Option<string> _certificateKey = new("--certificate-key") { Description = "Its private key.", HelpName = "PEM" };

    private readonly Option<int?> _maxChildren = new("--max-children")
    {
        Description = "How many servers may run at once where one is started for each session, 16 when left out.",
        HelpName = "N",
        CustomParser = ReadCount,
    };

    private Option[] OfHttp =>
        [_upstream, _upstreamHeaders, _sessionHeader, _origins, _certificate, _certificateKey, _maxChildren];

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_listen, .. OfHttp])
        {
            command.Add(option);
        }
    }

    public bool Listens(CommandResult result) => result.GetResult(_listen) is not null;

    /// <summary>The settings; null over standard input and output.</summary>
    public ProxyHttpSettings? Read(ParseResult parsed)
    {
        if (parsed.GetValue(_listen) is not { } listen)
        {
            return null;
        }

        return new ProxyHttpSettings
        {
            Listen = WebAddress.ParseListen(listen)!,
            Upstream = parsed.GetValue(_upstream) is { } upstream ? WebAddress.ParseUpstream(upstream) : null,
            SessionHeader = parsed.GetValue(_sessionHeader),
            AllowedOrigins = parsed.GetValue(_origins) ?? [],
            Certificate = parsed.GetValue(_certificate),
            CertificateKey = parsed.GetValue(_certificateKey),
            MaxChildren = parsed.GetValue(_maxChildren),
            UpstreamHeaders = [.. (parsed.GetValue(_upstreamHeaders) ?? []).Select(text => HeaderText.ParsePair(text)!.Value)],
        };
    }

    /// <summary>What of it doesn't go together, or isn't what it should be; null where all is well.</summary>
    /// <param name="result">The line.</param>
    /// <param name="hasCommand">Whether it has the command of a server.</param>
    public string? FindError(CommandResult result, bool hasCommand)
    {
        bool hasUpstream = result.GetResult(_upstream) is not null;
        if (hasCommand && hasUpstream)
        {
            return "`--upstream` and the command behind `--` don't go together: name one server.";
        }

        if (!hasCommand && !hasUpstream)
        {
            return "Name the server: its command behind `--`, or with `--listen` its `--upstream`.";
        }

        if (!Listens(result))
        {
            return Array.Find(OfHttp, option => result.GetResult(option) is not null) is { } alone
                ? $"`{alone.Name}` goes with `--listen`."
                : null;
        }

        return FindStray(result, hasCommand) ?? FindWrong(result, hasCommand);
    }

    private string? FindStray(CommandResult result, bool hasCommand)
    {
        if (hasCommand && result.GetResult(_upstreamHeaders) is not null)
        {
            return "`--upstream-header` goes with `--upstream`: a server that is started has the variables of this process.";
        }

        return !hasCommand && result.GetResult(_maxChildren) is not null
            ? "`--max-children` goes with a server's command behind `--`: of an `--upstream` none is started."
            : null;
    }

    private string? FindWrong(CommandResult result, bool hasCommand)
    {
        if (result.GetValue(_listen) is not { } listen || WebAddress.ParseListen(listen) is not { } address)
        {
            return "`--listen` must be an address as `http://127.0.0.1:8080`: http or https, and an IP address or localhost.";
        }

        if (!hasCommand && (result.GetValue(_upstream) is not { } upstream || WebAddress.ParseUpstream(upstream) is null))
        {
            return "`--upstream` must be an address of http or https without credentials. Help: those come by `--upstream-header`.";
        }

        if (result.GetValue(_sessionHeader) is { } header && !HeaderText.IsName(header))
        {
            return "`--session-header` must be the name of a header.";
        }

        if (Array.Find(result.GetValue(_origins) ?? [], origin => !WebAddress.IsOrigin(origin)) is { } origin)
        {
            return $"{QuotedText.Of(origin)} is no origin. Help: `--allow-origin` takes a scheme, a host and its port, as in "
                + "`https://app.example`.";
        }

        return FindWrongHeader(result.GetValue(_upstreamHeaders) ?? []) ?? FindWrongCertificate(result, address);
    }

    private static string? FindWrongHeader(string[] pairs)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (string pair in pairs)
        {
            // No message quotes it: a credential may stand where the variable's name belongs.
            if (HeaderText.ParsePair(pair) is not (var name, _))
            {
                return "`--upstream-header` takes the name of a header and that of a variable, as in `Authorization=UPSTREAM_TOKEN`.";
            }

            if (!HeaderText.MayBeSet(name) || !names.Add(name))
            {
                return $"`--upstream-header` can't set `{name}`, or sets it twice.";
            }
        }

        return null;
    }

    private string? FindWrongCertificate(CommandResult result, Uri listen)
    {
        bool hasCertificate = result.GetResult(_certificate) is not null;
        if (hasCertificate != result.GetResult(_certificateKey) is not null)
        {
            return "`--certificate` and `--certificate-key` go together.";
        }

        bool isSecure = listen.Scheme == Uri.UriSchemeHttps;
        if (hasCertificate == isSecure)
        {
            return null;
        }

        return isSecure ? "`--listen` with https needs a `--certificate`." : "`--certificate` goes with a `--listen` of https.";
    }

    private static int? ReadCount(ArgumentResult result)
    {
        if (int.TryParse(result.Tokens.Single().Value, NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            && count is > 0 and <= 1000)
        {
            return count;
        }

        result.AddError("`--max-children` must be a whole number, 1 to 1000.");
        return null;
    }
}
