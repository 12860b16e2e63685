using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using PolicyLayer.Approvals;
using PolicyLayer.Auditing;
using PolicyLayer.Cli.Approvals;
using PolicyLayer.Cli.Audit;
using PolicyLayer.Cli.Output;
using PolicyLayer.Cli.Proxying;
using PolicyLayer.Cli.Stores;
using PolicyLayer.Proxy;

namespace PolicyLayer.Cli.Commands;

/// <summary>One run of <c>proxy</c>.</summary>
/// <remarks>INVARIANT: standard output is the protocol's. All that is said goes to standard error, through the report.</remarks>
internal sealed class ProxyRun
{
    private readonly ProxyOptions _options;
    private readonly CommandEnvironment _environment;
    private readonly ProxyReport _report;

    private ProxyRun(ProxyOptions options, CommandEnvironment environment, ProxyReport report)
    {
        _options = options;
        _environment = environment;
        _report = report;
    }

    public static async Task<int> RunAsync(ProxyOptions options, CommandEnvironment environment, CancellationToken cancellationToken)
    {
        await using var report = new ProxyReport(options.Json, environment.Error, environment.Time);
        try
        {
            return await new ProxyRun(options, environment, report).RunAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // It was ended before it served.
            return ExitCodes.Good;
        }
    }

    private async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        StoreOptions places = _options.Stores;
        StoreLocation counters = StoreLocation.Parse(places.Counters, "--counters", "counters");
        StoreLocation approvals = places.Approvals is { } place ? StoreLocation.Parse(place, "--approvals", "approvals") : counters;
        ProxyDocuments documents = ProxyDocuments.Load([_options.Policy, .. _options.FurtherPolicies], _options.Grants, _report);
        PolicyBundle bundle = documents.Loaded.Bundle!;
        ProxyCallers callers = ProxyCallers.Of(_options, bundle.Grants, _environment.Time);
        PolicyLayerKeys? keys = HostKeys.Read(places.Keys, _environment);
        await using var stores = new ToolStores(_environment);
        IApprovalStore? requests = await OpenApprovalsAsync(stores, approvals, keys, bundle).ConfigureAwait(false);
        var authorizerOptions = new ToolCallAuthorizerOptions
        {
            Grants = callers.Directory,
            Approvals = requests,
            Counters = await stores.OpenCountersAsync(counters).ConfigureAwait(false),
            Keys = keys,
            TimeProvider = _environment.Time,
            FaultListener = new ReportedFaults(_report),
        };
        using EcdsaAuditSigner? signer = AuditFile.SignerOf(places.Audit);
        await using JsonLinesAuditSink? audit = places.Audit is { } log
            ? await AuditFile.OpenInTurnAsync(log, keys, signer, _environment.Time, cancellationToken).ConfigureAwait(false)
            : null;
        if (audit is not null)
        {
            authorizerOptions.AuditSinks.Add(audit);
        }

        var authorizer = new ToolCallAuthorizer(bundle.Policies, authorizerOptions);
        bool isAnswerable = requests is not null and not InMemoryApprovalStore;
        await using var reloader = new PolicyReloader(authorizer, documents.Source, documents.Loaded, new PolicyReloaderOptions
        {
            Listener = attempt => Tell(attempt, documents, isAnswerable),
            TimeProvider = _environment.Time,
        });
        using ILoggerFactory loggers = LoggerFactory.Create(builder => builder.AddProvider(new ReportLogger.Provider(_report)));
        var served = new Served(_options.Server ?? bundle.Policies[0].Name, bundle.Policies, callers, keys, loggers);
        if (!isAnswerable)
        {
            WarnOfRequests(bundle);
        }

        return await ServeAsync(authorizer, served, cancellationToken).ConfigureAwait(false);
    }

    private static bool MayAsk(PolicyBundle bundle) => bundle.Policies.Any(policy => policy.MayRequireApproval);

    // What asks nobody needs no keys for requests; where there are some, a policy may come to ask.
    private async Task<IApprovalStore?> OpenApprovalsAsync(
        ToolStores stores, StoreLocation location, PolicyLayerKeys? keys, PolicyBundle bundle)
    {
        IApprovalProtector? protector = ApprovalKeys.ProtectorOf(keys, _options.Stores.PlainApprovals);
        bool mustKeep = _options.Stores.Approvals is not null || MayAsk(bundle);
        return mustKeep || protector is not null ? await stores.OpenApprovalsAsync(location, protector).ConfigureAwait(false) : null;
    }

    private void Tell(PolicyReloadAttempt attempt, ProxyDocuments documents, bool isAnswerable)
    {
        documents.Tell(attempt);
        if (attempt.IsApplied && !isAnswerable)
        {
            WarnOfRequests(attempt.Documents.Bundle!);
        }
    }

    /// <summary>Says that nobody can answer what waits in the memory of this process.</summary>
    private void WarnOfRequests(PolicyBundle bundle)
    {
        if (MayAsk(bundle))
        {
            _report.Log(
                LogLevel.Warning,
                "The policy has calls wait for a person, and requests in memory are answered by nobody. Help: name a store that lasts by "
                + "`--approvals`.");
        }
    }

    private async Task<int> ServeAsync(
        ToolCallAuthorizer authorizer, Served served, CancellationToken cancellationToken)
    {
        try
        {
            return await (_options.Http is { } http
                ? ServeHttpAsync(authorizer, served, http, cancellationToken)
                : ServeStdioAsync(authorizer, served, _options.Command!, cancellationToken)).ConfigureAwait(false);
        }
        catch (UpstreamException e)
        {
            throw new CommandException(PlainTable.OneLine(e.Message));
        }
    }

    private async Task<int> ServeStdioAsync(
        ToolCallAuthorizer authorizer, Served served, UpstreamCommand command, CancellationToken cancellationToken)
    {
        var options = new McpProxyOptions();
        Fill(options, served);
        TellWhat(served, command.ToString());
        var proxy = new StdioProxy(authorizer, command, options);
        await using CancellationTokenRegistration last = _environment.Last.Register(proxy.Kill);
        bool isOver = await proxy.RunAsync(_environment.Input, _environment.Output, cancellationToken).ConfigureAwait(false);
        if (isOver)
        {
            return ExitCodes.Good;
        }

        _report.Write("server_ended", "The server ended, and isn't started any more.", _ => { });
        return ExitCodes.Bad;
    }

    private async Task<int> ServeHttpAsync(
        ToolCallAuthorizer authorizer, Served served, ProxyHttpSettings http, CancellationToken cancellationToken)
    {
        var options = new HttpProxyOptions
        {
            Listen = http.Listen,
            Grants = served.Callers.Directory,
            SessionHeader = http.SessionHeader,
            Certificate = http.Certificate is { } file ? CertificateFiles.Read(file, http.CertificateKey!) : null,
        };
        Fill(options.Guard, served);
        options.MaxChildren = http.MaxChildren ?? options.MaxChildren;
        foreach (string origin in http.AllowedOrigins)
        {
            options.AllowedOrigins.Add(origin);
        }

        foreach ((string name, string variable) in http.UpstreamHeaders)
        {
            options.UpstreamHeaders.Add(name, ReadHeader(name, variable));
        }

        using IDisposable? certificate = options.Certificate;
        TellWhat(served, http.Upstream?.GetLeftPart(UriPartial.Authority) ?? _options.Command!.ToString());
        foreach (string warning in ReachableAddress.WarningsOf(http.Listen, served.Callers, options.Certificate is not null))
        {
            _report.Log(LogLevel.Warning, warning);
        }

        HttpProxy proxy = await ListenAsync(authorizer, http.Upstream, options, cancellationToken).ConfigureAwait(false);

        // Until the proxy has ended, which may take longer than there is.
        await using CancellationTokenRegistration last = _environment.Last.Register(proxy.Kill);
        await using ConfiguredAsyncDisposable ending = proxy.ConfigureAwait(false);
        _report.Write("listening", $"Listening at {proxy.Address}", json => json.WriteString("url", proxy.Address.ToString()));
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return ExitCodes.Good;
    }

    private async Task<HttpProxy> ListenAsync(
        ToolCallAuthorizer authorizer, Uri? address, HttpProxyOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await (address is { } upstream
                ? HttpProxy.StartAsync(authorizer, upstream, options, cancellationToken)
                : HttpProxy.StartAsync(authorizer, _options.Command!, options, cancellationToken)).ConfigureAwait(false);
        }
        catch (ArgumentException e)
        {
            // What the proxy itself takes for no header or address. It quotes no value; .NET adds the parameter's name.
            int end = e.Message.LastIndexOf(" (Parameter", StringComparison.Ordinal);
            throw new CommandException(PlainTable.OneLine(end < 0 ? e.Message : e.Message[..end]));
        }
    }

    // No message quotes the variable's name: a credential may stand there by mistake.
    private string ReadHeader(string name, string variable)
    {
        if (_environment.GetVariable(variable) is not { Length: > 0 } value)
        {
            throw new CommandException($"The variable that `--upstream-header` names for `{name}` isn't set.");
        }

        return HeaderText.IsValue(value)
            ? value
            : throw new CommandException($"The variable that `--upstream-header` names for `{name}` holds what no header may.");
    }

    private void Fill(McpProxyOptions options, Served served)
    {
        options.GrantId = served.Callers.GrantId;
        options.Server = served.Server;
        options.HidesUncallable = _options.HidesUncallable;
        options.MaxMessageBytes = _options.MaxMessageBytes ?? options.MaxMessageBytes;
        options.CallTimeout = _options.CallTimeout;
        options.ApprovalUrl = _options.ApprovalUrl;
        options.Keys = served.Keys;
        options.TimeProvider = _environment.Time;
        options.LoggerFactory = served.Loggers;
    }

    private void TellWhat(Served served, string upstream)
    {
        string policies = string.Join("; ", served.Policies.Select(ProxyDocuments.Describe));
        string text = $"Guarding the server {QuotedText.Of(served.Server)} ({upstream}) for {served.Callers.Describe()}, under {policies}.";
        _report.Write("guarding", text, json =>
        {
            json.WriteString("server", served.Server);
            json.WriteString("upstream", upstream);
            served.Callers.Write(json);
            ProxyDocuments.Write(json, served.Policies);
        });
    }

    /// <summary>What is served, for whom.</summary>
    private sealed record Served(
        string Server, IReadOnlyList<Policy> Policies, ProxyCallers Callers, PolicyLayerKeys? Keys, ILoggerFactory Loggers);
}
