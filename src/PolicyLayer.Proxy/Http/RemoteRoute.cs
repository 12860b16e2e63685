using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using PolicyLayer.Proxy.Guarding;
using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Proxy.Http;

/// <summary>Leads to a server of streamable HTTP.</summary>
internal sealed class RemoteRoute : IUpstreamRoute
{
    private readonly HttpSettings _settings;
    private readonly CallGuard _guard;
    private readonly OpenExchanges _exchanges;
    private readonly ILogger _logger;
    private readonly Sessions _sessions;
    private readonly UpstreamServer _server;
    private readonly SessionHandler _streams;

    public RemoteRoute(HttpSettings settings, Uri upstream, CallGuard guard, OpenExchanges exchanges, ILogger logger)
    {
        _settings = settings;
        _guard = guard;
        _exchanges = exchanges;
        _logger = logger;
        _sessions = new Sessions(guard, settings.Guard.TimeProvider, logger);
        _server = new UpstreamServer(settings, upstream);
        _streams = new SessionHandler(settings, _sessions, exchanges, _server, logger);
    }

    /// <inheritdoc/>
    public TimeSpan Patience => TimeSpan.FromSeconds(3);

    /// <inheritdoc/>
    public async Task PostAsync(HttpContext context, Identity identity, JsonRpcMessage message)
    {
        // A revision without sessions passes over the header, and so must who sends it on.
        IHeaderDictionary headers = context.Request.Headers;
        StringValues sessionId = HeaderCheck.IsStateless(headers, message) ? default : headers[HeaderNames.Session];
        Session? session = sessionId.Count == 0 ? null : _sessions.Enter(sessionId[0]!, identity);
        if (sessionId.Count > 0 && session is null)
        {
            await Reply.UnknownSessionAsync(context.Response, message).ConfigureAwait(false);
            return;
        }

        var exchange = new PostExchange(_settings, _guard, _sessions, _server, _logger, context, identity, message);
        await exchange.RunAsync(session, _exchanges).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task HandleAsync(HttpContext context, Identity identity) => _streams.HandleAsync(context, identity);

    /// <inheritdoc/>
    public ValueTask ForgetAsync() => _sessions.ForgetAsync();

    /// <inheritdoc/>
    public void Kill()
    {
        // The server is somebody else's.
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _sessions.EndAllAsync().ConfigureAwait(false);
        _server.Dispose();
    }
}
