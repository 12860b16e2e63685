using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Proxy.Http;

/// <summary>Opens the stream of a session that the server speaks on by itself, and ends sessions.</summary>
internal sealed class SessionHandler(
    HttpSettings settings, Sessions sessions, OpenExchanges exchanges, UpstreamServer server, ILogger logger)
{
    /// <summary>Handles a <c>GET</c> or a <c>DELETE</c> that names a session.</summary>
    public async Task HandleAsync(HttpContext context, Identity identity)
    {
        IHeaderDictionary headers = context.Request.Headers;
        if (headers[HeaderNames.Session].Count > 1 || headers[HeaderNames.LastEvent].Count > 1)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        if (sessions.Enter(headers[HeaderNames.Session].ToString(), identity) is not { } session)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        using var exchange = new OpenExchange(session.Conversation, HttpMethods.IsGet(context.Request.Method), context.RequestAborted)
        {
            IsOfSession = true,
            TokenSha256 = identity.TokenSha256,
            Shown = session.Shown,
        };
        exchanges.Add(exchange);
        if (!session.Shown.Contains(headers[HeaderNames.LastEvent].ToString()))
        {
            // The server might go on with somebody else's events.
            headers.Remove(HeaderNames.LastEvent);
        }

        try
        {
            await PassAsync(context, session, exchange).ConfigureAwait(false);
        }
        finally
        {
            exchanges.Remove(exchange);
            sessions.Leave(session);
        }
    }

    private async Task PassAsync(HttpContext context, Session session, OpenExchange exchange)
    {
        var relay = new AnswerRelay(exchange, context.Response, null, settings.Guard.MaxMessageBytes, logger);
        try
        {
            bool isGet = HttpMethods.IsGet(context.Request.Method);
            using HttpResponseMessage answer = await server.SendAsync(
                isGet ? HttpMethod.Get : HttpMethod.Delete, context.Request.Headers, session.Id, null, nameHeader: false, exchange.Ended)
                .ConfigureAwait(false);
            if (AnswerHead.FaultOf(answer) is { } fault)
            {
                HttpLog.BadAnswer(logger, fault);
                context.Response.StatusCode = StatusCodes.Status502BadGateway;
                return;
            }

            int status = (int)answer.StatusCode;
            if (status == StatusCodes.Status404NotFound || (!isGet && answer.IsSuccessStatusCode))
            {
                await sessions.EndAsync(session).ConfigureAwait(false);
            }

            if (isGet)
            {
                await relay.RelayAsync(answer).ConfigureAwait(false);
                return;
            }

            // A client reads nothing but the status.
            AnswerHead.CopyTo(context.Response, answer);
        }
        catch (Exception e) when (exchange.Ended.IsCancellationRequested
            && e is HttpRequestException or IOException or OperationCanceledException)
        {
            await relay.SayAsync(StatusCodes.Status503ServiceUnavailable, isOpen: false, exchange.Reason ?? "").ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            HttpLog.Unreachable(logger, e is HttpRequestException http ? http.HttpRequestError.ToString() : e.GetType().Name);
            await relay.SayAsync(StatusCodes.Status502BadGateway, isOpen: false, "").ConfigureAwait(false);
        }
    }
}
