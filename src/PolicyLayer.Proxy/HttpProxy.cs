using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using PolicyLayer.Proxy.Guarding;
using PolicyLayer.Proxy.Http;

namespace PolicyLayer.Proxy;

/// <summary>
/// Serves a server of streamable HTTP over streamable HTTP: judges every call of a tool, and passes all else on. Safe for any number of
/// callers.
/// </summary>
public sealed class HttpProxy : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Round = TimeSpan.FromMinutes(1);

    private readonly ToolCallAuthorizer _authorizer;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Sessions _sessions;
    private readonly OpenExchanges _exchanges;
    private readonly UpstreamServer _server;
    private readonly WebApplication _application;
    private readonly ITimer _rounds;
    private int _isDisposed;

    private HttpProxy(ToolCallAuthorizer authorizer, HttpSettings settings)
    {
        _authorizer = authorizer;
        _clock = settings.Guard.TimeProvider;
        _logger = (settings.Guard.LoggerFactory ?? NullLoggerFactory.Instance).CreateLogger<HttpProxy>();
        var guard = new CallGuard(authorizer, settings.Guard);
        var parameters = new ParameterHeaders();
        guard.Lists.Shown = parameters.Learn;
        _sessions = new Sessions(guard, _clock);
        _exchanges = new OpenExchanges(settings);
        _server = new UpstreamServer(settings);
        var posts = new PostHandler(settings, guard, new HeaderCheck(parameters), _sessions, _exchanges, _server, _logger);
        var streams = new SessionHandler(settings, _sessions, _exchanges, _server, _logger);
        var front = new Front(settings, new Authentication(settings, _logger), posts, streams, _exchanges, _logger);
        _application = Listener.Create(settings, front);
        _rounds = _clock.CreateTimer(_ => _ = GoRoundAsync(), null, Round, Round);
        Address = settings.Listen;
        authorizer.Reloaded += OnReloaded;
    }

    /// <summary>Where it listens, with the port that it got.</summary>
    public Uri Address { get; private set; }

    /// <summary>Begins to listen.</summary>
    /// <param name="authorizer">Judges the calls.</param>
    /// <param name="upstream">The server's address.</param>
    /// <param name="options">How; null for the defaults, which name no grants and so are an error.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">An argument is null, or an option is out of range or goes with no other.</exception>
    /// <exception cref="IOException">The address can't be listened at.</exception>
    public static async Task<HttpProxy> StartAsync(
        ToolCallAuthorizer authorizer, Uri upstream, HttpProxyOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(authorizer);
        ArgumentNullException.ThrowIfNull(upstream);
        HttpSettings settings = HttpSettings.Of(upstream, options ?? new HttpProxyOptions());
        var proxy = new HttpProxy(authorizer, settings);
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

    /// <summary>Stops: takes no more requests, gives those in flight 3 seconds, then cancels them.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        _authorizer.Reloaded -= OnReloaded;
        await _rounds.DisposeAsync().ConfigureAwait(false);
        _exchanges.Close();
        using var abort = new CancellationTokenSource(Patience + LastPatience, _clock);
        using (_clock.CreateTimer(_ => _exchanges.EndAll(), null, Patience, Timeout.InfiniteTimeSpan))
        {
            await StopAsync(abort.Token).ConfigureAwait(false);
        }

        await _sessions.EndAllAsync().ConfigureAwait(false);
        await _application.DisposeAsync().ConfigureAwait(false);
        _server.Dispose();
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
        _exchanges.EndRevoked();
        _exchanges.Announce();
    }

    // Nobody waits for it.
    private async Task GoRoundAsync()
    {
        try
        {
            _exchanges.EndRevoked();
            await _sessions.ForgetAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            HttpLog.Failed(_logger, e.GetType().Name);
        }
    }
}
