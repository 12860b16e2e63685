using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PolicyLayer.Proxy.Guarding;

namespace PolicyLayer.Proxy.Http;

/// <summary>
/// Where requests come in. Each is checked before anything of it is used: to whom it is addressed, what page sends it, its path, who sends
/// it, its method; then its handler looks at what it says.
/// </summary>
internal sealed class Front(
    HttpSettings settings,
    Authentication authentication,
    PostHandler posts,
    IUpstreamRoute route,
    OpenExchanges exchanges,
    ILogger logger)
{
    private readonly AddressedHost _host = new(settings.AllowedHosts);
    private readonly RequestOrigin _origin = new(settings.AllowedOrigins);

    /// <summary>Lets no request by that is addressed to somebody else, or that a page sends which may not.</summary>
    public Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        if (exchanges.IsClosing)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        }

        string? reason = null;
        if (!_host.IsOurs(context))
        {
            reason = "It is addressed to another host.";
        }
        else if (!_origin.IsAllowed(context.Request))
        {
            reason = "A page sends it that isn't allowed to.";
        }

        if (reason is null)
        {
            return next(context);
        }

        HttpLog.NotAdmitted(logger, context.Connection.RemoteIpAddress?.ToString() ?? "nowhere", reason);
        Reply.Leave(context);
        return Reply.RefusalAsync(context.Response, StatusCodes.Status403Forbidden, reason);
    }

    /// <summary>Handles a request that passed.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            if (!settings.Paths.Contains(context.Request.Path.Value, StringComparer.Ordinal))
            {
                Reply.Leave(context);
                context.Response.StatusCode = StatusCodes.Status404NotFound;
            }
            else if (await authentication.IdentifyAsync(context).ConfigureAwait(false) is { } identity)
            {
                await RouteAsync(context, identity).ConfigureAwait(false);
            }
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            context.Response.StatusCode = e.StatusCode;
        }
        catch (Exception e) when (context.RequestAborted.IsCancellationRequested
            || e is ConnectionResetException || (e is OperationCanceledException && exchanges.IsClosing))
        {
            // The client has gone, or was cut off.
        }
        catch (Exception e)
        {
            HttpLog.Failed(logger, e.GetType().Name);
            if (context.Response.HasStarted)
            {
                context.Abort();
                return;
            }

            context.Response.Clear();
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
    }

    private Task RouteAsync(HttpContext context, Identity identity)
    {
        HttpRequest request = context.Request;
        if (HttpMethods.IsPost(request.Method))
        {
            return posts.HandleAsync(context, identity);
        }

        // The old transport opens its stream without a session, and revisions without sessions have no other.
        bool isOfSession = (HttpMethods.IsGet(request.Method) || HttpMethods.IsDelete(request.Method))
            && request.Headers[HeaderNames.Session].Count > 0
            && !RequestRevision.IsStateless(request.Headers[HeaderNames.ProtocolVersion]);
        if (isOfSession)
        {
            return route.HandleAsync(context, identity);
        }

        Reply.NoSuchMethod(context.Response, HttpMethods.Post);
        return Task.CompletedTask;
    }
}
