using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using PolicyLayer.Proxy.Bridging;
using PolicyLayer.Proxy.Guarding;
using PolicyLayer.Proxy.Http;

namespace PolicyLayer.Proxy;

/// <summary>
/// Serves a server over streamable HTTP: judges every call of a tool, and passes all else on. The server speaks streamable HTTP itself, or
/// is a command that speaks over standard input and output. Safe for any number of callers.
/// </summary>
public sealed class HttpProxy : IAsyncDisposable
{
    private static readonly TimeSpan LastPatience = TimeSpan.FromMilliseconds(500);

    /// <summary>So long at most after a grant's end what it has open ends.</summary>
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(1);

    private readonly ToolCallAuthorizer _authorizer;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly OpenExchanges _exchanges;
    private readonly IUpstreamRoute _route;
    private readonly WebApplication _application;
    private readonly ITimer _rounds;
    private int _isDisposed;

    private HttpProxy(ToolCallAuthorizer authorizer, HttpSettings settings, Routing routing)
    {
        _authorizer = authorizer;
        _clock = settings.Guard.TimeProvider;
        _logger = (settings.Guard.LoggerFactory ?? NullLoggerFactory.Instance).CreateLogger<HttpProxy>();
        var guard = new CallGuard(authorizer, settings.Guard);
        var parameters = new ParameterHeaders();
        guard.Lists.Shown = parameters.Learn;
        _exchanges = new OpenExchanges(settings);
        _route = routing(settings, guard, _exchanges, _logger);
        var posts = new PostHandler(settings, new HeaderCheck(parameters), _route, _logger);
        var front = new Front(settings, new Authentication(settings, _logger), posts, _route, _exchanges, _logger);
        _application = Listener.Create(settings, front);
        _rounds = _clock.CreateTimer(_ => _ = GoRoundAsync(), null, Round, Round);
        Address = settings.Listen;
        authorizer.Reloaded += OnReloaded;
    }

    private delegate IUpstreamRoute Routing(HttpSettings settings, CallGuard guard, OpenExchanges exchanges, ILogger logger);

    /// <summary>Where it listens, with the port that it got.</summary>
    public Uri Address { get; private set; }

    /// <summary>Begins to listen, before a server of streamable HTTP.</summary>
    /// <param name="authorizer">Judges the calls.</param>
    /// <param name="upstream">The server's address.</param>
    /// <param name="options">How; null for the defaults, which name no grants and so are an error.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">An argument is null, or an option is out of range or goes with no other.</exception>
    /// <exception cref="IOException">The address can't be listened at.</exception>
    [SuppressMessage("ApiDesign", "RS0026", Justification = "What stands second tells the two apart, and isn't optional.")]
    public static Task<HttpProxy> StartAsync(
        ToolCallAuthorizer authorizer, Uri upstream, HttpProxyOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(authorizer);
        ArgumentNullException.ThrowIfNull(upstream);
        HttpSettings settings = HttpSettings.Of(upstream, options ?? new HttpProxyOptions());
        return StartAsync(
            authorizer,
            settings,
            (all, guard, exchanges, logger) => new RemoteRoute(all, upstream, guard, exchanges, logger),
            cancellationToken);
    }

    /// <summary>
    /// Begins to listen, before a server that speaks over standard input and output. It is started when somebody needs it: once for each
    /// session of the protocol, and for each grant whose callers have none; those that nobody used for 10 minutes are ended.
    /// </summary>
    /// <param name="authorizer">Judges the calls.</param>
    /// <param name="upstream">The server.</param>
    /// <param name="options">How; null for the defaults, which name no grants and so are an error.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">An argument is null, or an option is out of range or goes with no other.</exception>
    /// <exception cref="IOException">The address can't be listened at.</exception>
    [SuppressMessage("ApiDesign", "RS0026", Justification = "What stands second tells the two apart, and isn't optional.")]
    public static Task<HttpProxy> StartAsync(
        ToolCallAuthorizer authorizer, UpstreamCommand upstream, HttpProxyOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(authorizer);
        ArgumentNullException.ThrowIfNull(upstream);
        HttpSettings settings = HttpSettings.Of(null, options ?? new HttpProxyOptions());
        return StartAsync(
            authorizer,
            settings,
            (all, guard, exchanges, logger) => new BridgeRoute(all, upstream, guard, exchanges, logger),
            cancellationToken);
    }

    /// <summary>Stops: takes no more requests, gives those in flight at most 3 seconds, cancels them, ends what it started.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        _authorizer.Reloaded -= OnReloaded;
        await _rounds.DisposeAsync().ConfigureAwait(false);
        _exchanges.Close();
        using var abort = new CancellationTokenSource(_route.Patience + LastPatience, _clock);
        using (_clock.CreateTimer(_ => _exchanges.EndAll(), null, _route.Patience, Timeout.InfiniteTimeSpan))
        {
            await StopAsync(abort.Token).ConfigureAwait(false);
        }

        await _route.DisposeAsync().ConfigureAwait(false);
        await _application.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// Ends at once the servers that it has started, with all that they have, and has no other started: for a host that can't wait for the
    /// end of <see cref="DisposeAsync"/> any more. A server that it was given the address of goes on. Safe on any thread, at any time.
    /// </summary>
    public void Kill() => _route.Kill();

    private static async Task<HttpProxy> StartAsync(
        ToolCallAuthorizer authorizer, HttpSettings settings, Routing routing, CancellationToken cancellationToken)
    {
        var proxy = new HttpProxy(authorizer, settings, routing);
        try
        {
            proxy.Address = await Listener.StartAsync(proxy._application, settings.Listen, cancellationToken).ConfigureAwait(false);
            return proxy;
        }
        catch
        {
            await proxy.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task StopAsync(CancellationToken abort)
    {
        try
        {
            await _application.StopAsync(abort).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // What didn't end in time was cut off.
        }
    }

    private void OnReloaded(object? sender, PolicyReloadedEventArgs e)
    {
        _ = GoRoundAsync();
        _exchanges.Announce();
    }

    // Nobody waits for it.
    private async Task GoRoundAsync()
    {
        try
        {
            _exchanges.EndRevoked();
            await _route.ForgetAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            HttpLog.Failed(_logger, e.GetType().Name);
        }
    }
}
