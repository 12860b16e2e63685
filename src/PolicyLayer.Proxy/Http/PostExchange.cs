using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PolicyLayer.Proxy.Guarding;
using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Proxy.Http;

/// <summary>One message of a client's, from its judgement to the end of its answer.</summary>
internal sealed class PostExchange(
    HttpSettings settings, CallGuard guard, Sessions sessions, UpstreamServer server, ILogger logger, HttpContext context,
    Identity identity,
    JsonRpcMessage message)
{
    private const string TooLong = "The call took too long.";
    private const string Unreachable = "The server can't be reached.";
    private const string BrokenOff = "The server broke off.";

    private readonly JsonRpcId? _request = message.Kind == MessageKind.Request ? message.Id : null;
    private Session? _session;

    /// <summary>Runs it.</summary>
    /// <param name="session">The session that it is in; null for none. It is left at the end.</param>
    /// <param name="exchanges">Where it is known meanwhile.</param>
    public async Task RunAsync(Session? session, OpenExchanges exchanges)
    {
        _session = session;
        using var exchange = new OpenExchange(
            session?.Conversation ?? new Conversation(guard, identity.CallerIn(null)),
            isListening: message.Method == Methods.Listen,
            context.RequestAborted)
        {
            IsOfSession = session is not null,
            TokenSha256 = identity.TokenSha256,
            Shown = session?.Shown,
        };
        exchanges.Add(exchange);
        var relay = new AnswerRelay(exchange, context.Response, _request, settings.Guard.MaxMessageBytes, logger);
        try
        {
            await JudgeAsync(exchange, relay).ConfigureAwait(false);
        }
        catch (Exception e) when (exchange.Ended.IsCancellationRequested
            && e is HttpRequestException or IOException or OperationCanceledException)
        {
            await EndedAsync(exchange, relay).ConfigureAwait(false);
        }
        finally
        {
            exchanges.Remove(exchange);
            await LeaveAsync(exchange).ConfigureAwait(false);
        }
    }

    private async Task JudgeAsync(OpenExchange exchange, AnswerRelay relay)
    {
        Passage passage = await exchange.Conversation.FromClientAsync(message, exchange.Ended).ConfigureAwait(false);
        if (passage.Forward is { } forward)
        {
            using ITimer? timer = passage.Call is not null && settings.Guard.CallTimeout is { } timeout
                ? settings.Guard.TimeProvider.CreateTimer(_ => exchange.End(TooLong), null, timeout, Timeout.InfiniteTimeSpan)
                : null;
            await ForwardAsync(exchange, relay, forward).ConfigureAwait(false);
            return;
        }

        if (passage.Fault is { } fault)
        {
            ProxyLog.Refused(logger, fault.Message);
        }

        int status = passage.Fault is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest;
        ReadOnlyMemory<byte> answer = passage.Answer
            ?? JsonRpcText.Error(message.Id, MessageFault.InternalError, "The call was given up while it was judged.");
        await Reply.JsonAsync(context.Response, status, answer, exchange.Ended).ConfigureAwait(false);
    }

    private async Task ForwardAsync(OpenExchange exchange, AnswerRelay relay, ReadOnlyMemory<byte> forward)
    {
        try
        {
            await SendAsync(exchange, relay, forward).ConfigureAwait(false);
        }
        catch (Exception e) when (!exchange.Ended.IsCancellationRequested
            && e is HttpRequestException or IOException or OperationCanceledException)
        {
            HttpLog.Unreachable(logger, e is HttpRequestException http ? http.HttpRequestError.ToString() : e.GetType().Name);
            if (_request is { } id && UpstreamServer.NeverRan(e))
            {
                await exchange.Conversation.ReturnAsync(id).ConfigureAwait(false);
                await relay.SayAsync(StatusCodes.Status502BadGateway, isOpen: true, Unreachable).ConfigureAwait(false);
                return;
            }

            await relay.FailAsync(StatusCodes.Status502BadGateway, BrokenOff).ConfigureAwait(false);
        }
    }

    private async Task SendAsync(OpenExchange exchange, AnswerRelay relay, ReadOnlyMemory<byte> forward)
    {
        if (exchange.Ended.IsCancellationRequested && _request is { } id)
        {
            await exchange.Conversation.ReturnAsync(id).ConfigureAwait(false);
        }

        exchange.Ended.ThrowIfCancellationRequested();
        using HttpResponseMessage answer = await server.SendAsync(
            HttpMethod.Post, context.Request.Headers, _session?.Id, forward, HeaderCheck.NameMember(message) is not null, exchange.Ended)
            .ConfigureAwait(false);
        if (AnswerHead.FaultOf(answer) is { } fault)
        {
            HttpLog.BadAnswer(logger, fault);
            await relay.FailAsync(StatusCodes.Status502BadGateway, fault).ConfigureAwait(false);
            return;
        }

        if (!await FollowSessionAsync(exchange, answer).ConfigureAwait(false))
        {
            await relay.FailAsync(StatusCodes.Status502BadGateway, "The server gives no session that is the client's own.")
                .ConfigureAwait(false);
            return;
        }

        await relay.RelayAsync(answer).ConfigureAwait(false);
        if (_session is { } ended && answer.StatusCode == System.Net.HttpStatusCode.NotFound)
        {
            await sessions.EndAsync(ended).ConfigureAwait(false);
        }

        await SettleAsync(exchange, relay).ConfigureAwait(false);
    }

    /// <summary>Binds the session that an <c>initialize</c> begins.</summary>
    private async ValueTask<bool> FollowSessionAsync(OpenExchange exchange, HttpResponseMessage answer)
    {
        string? given = message.Method == Methods.Initialize && answer.IsSuccessStatusCode ? AnswerHead.SessionOf(answer) : null;
        if (_session is null && given is not null)
        {
            if (!HeaderText.IsVisible(given, Sessions.MaxIdLength)
                || await sessions.BindAsync(given, identity).ConfigureAwait(false) is not { } session)
            {
                return false;
            }

            // Its answer may come on another stream of the session.
            Conversation before = exchange.Conversation;
            await session.Conversation.FromClientAsync(message, exchange.Ended).ConfigureAwait(false);
            await before.EndAsync(BrokenOff).ConfigureAwait(false);
            (_session, exchange.Conversation, exchange.IsOfSession) = (session, session.Conversation, true);
            exchange.Shown = session.Shown;
        }

        if (_session is not null)
        {
            context.Response.Headers[HeaderNames.Session] = _session.Id;
        }

        return true;
    }

    /// <summary>
    /// The client went, or the exchange was ended. Then the server's side is ended too, in a session as well: it may keep the answer for
    /// a client that comes back, and for others that is what they would see without a proxy.
    /// </summary>
    private async ValueTask EndedAsync(OpenExchange exchange, AnswerRelay relay)
    {
        if (exchange.Reason is not { } reason)
        {
            await SettleAsync(exchange, relay).ConfigureAwait(false);
            return;
        }

        if (reason == TooLong && _session is not null)
        {
            await CancelAsync().ConfigureAwait(false);
        }

        bool isRunning = reason == TooLong;
        await relay.FailAsync(isRunning ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, reason).ConfigureAwait(false);
    }

    // In a session a server goes on when its client has gone, unless it is told.
    private async ValueTask CancelAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2), settings.Guard.TimeProvider);
        try
        {
            using HttpResponseMessage told = await server.SendAsync(
                HttpMethod.Post, context.Request.Headers, _session!.Id, JsonRpcText.Cancelled(_request!.Value, TooLong), nameHeader: false,
                patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            HttpLog.Unreachable(logger, e.GetType().Name);
        }
    }

    /// <summary>Nobody waits for an answer any more, unless the client can come back for it.</summary>
    private async ValueTask SettleAsync(OpenExchange exchange, AnswerRelay relay)
    {
        if (_request is { } id && !relay.IsResumable)
        {
            await exchange.Conversation.AbandonAsync(id).ConfigureAwait(false);
        }
    }

    private async ValueTask LeaveAsync(OpenExchange exchange)
    {
        if (_session is { } session)
        {
            sessions.Leave(session);
        }
        else
        {
            await exchange.Conversation.EndAsync(BrokenOff).ConfigureAwait(false);
        }
    }
}
