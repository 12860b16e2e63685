using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PolicyLayer.Proxy.Guarding;
using PolicyLayer.Proxy.Http;
using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Proxy.Bridging;

/// <summary>One message of a client's, from its judgement to the end of its answer.</summary>
internal sealed class BridgedPost(
    HttpSettings settings, BridgeChild child, OpenExchanges exchanges, ILogger logger, HttpContext context, JsonRpcMessage message)
{
    private const string TooLong = "The call took too long.";
    private const string Closed = "The connection was closed.";

    private readonly JsonRpcId? _request = message.Kind == MessageKind.Request ? message.Id : null;

    /// <summary>The session that it is in, or begins; null for none.</summary>
    public string? SessionId { get; init; }

    /// <summary>Of the token that it came with; null where none is asked for.</summary>
    public string? TokenSha256 { get; init; }

    /// <summary>Whether it was answered by the server, and not with an error.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Runs it.</summary>
    /// <param name="conversation">What it is part of.</param>
    public async Task RunAsync(Conversation conversation)
    {
        using var exchange = new OpenExchange(conversation, isListening: message.Method == Methods.Listen, context.RequestAborted)
        {
            IsOfSession = child.IsOfSession,
            TokenSha256 = TokenSha256,
        };
        exchanges.Add(exchange);
        Mailbox box = child.Open(_request is not null && AcceptsEvents());
        try
        {
            await HandleAsync(exchange, box).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException && exchange.Ended.IsCancellationRequested)
        {
            await EndedAsync(exchange, box).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await SayAsync(exchange, StatusCodes.Status502BadGateway, "The server ended.").ConfigureAwait(false);
        }
        finally
        {
            exchanges.Remove(exchange);
            child.Shut(box);
            if (!child.IsOfSession)
            {
                await child.CancelAsync(box, Closed).ConfigureAwait(false);
                await conversation.EndAsync(Closed).ConfigureAwait(false);
            }
        }
    }

    private bool AcceptsEvents() => context.Request.Headers.Accept.ToString() is { } accepted
        && (accepted.Contains("text/event-stream", StringComparison.OrdinalIgnoreCase)
            || accepted.Contains("*/*", StringComparison.Ordinal));

    private async Task HandleAsync(OpenExchange exchange, Mailbox box)
    {
        // A process that runs takes a message at once.
        exchange.Ended.ThrowIfCancellationRequested();
        Passage passage = await child.PassAsync(message, exchange.Conversation, box, exchange.Ended).ConfigureAwait(false);
        if (passage.Fault is { Code: not MessageFault.InternalError } fault)
        {
            ProxyLog.Refused(logger, fault.Message);
        }

        if (passage.Answer is { } own)
        {
            await Reply.JsonAsync(context.Response, StatusOf(passage.Fault), own, exchange.Ended).ConfigureAwait(false);
        }
        else if (_request is null || passage.Forward is null)
        {
            context.Response.StatusCode = StatusCodes.Status202Accepted;
        }
        else
        {
            using ITimer? timer = passage.Call is not null && settings.Guard.CallTimeout is { } timeout
                ? settings.Guard.TimeProvider.CreateTimer(_ => exchange.End(TooLong), null, timeout, Timeout.InfiniteTimeSpan)
                : null;
            await AnswerAsync(exchange, box).ConfigureAwait(false);
        }
    }

    private static int StatusOf(MessageFault? fault) => fault?.Code switch
    {
        null => StatusCodes.Status200OK,
        MessageFault.InternalError => StatusCodes.Status502BadGateway,
        _ => StatusCodes.Status400BadRequest,
    };

    private async Task AnswerAsync(OpenExchange exchange, Mailbox box)
    {
        ClientStream? stream = null;
        await foreach (ReadOnlyMemory<byte> news in box.News.ReadAllAsync(exchange.Ended).ConfigureAwait(false))
        {
            if (stream is null)
            {
                NameSession();
                stream = await EventResponse.StartAsync(context.Response, exchange.Ended).ConfigureAwait(false);
                exchange.Stream = stream;
            }

            await stream.WriteMessageAsync(news, exchange.Ended).ConfigureAwait(false);
        }

        Answer? answer = box.Answer;
        IsDone = answer is { IsError: false };
        if (answer is null)
        {
            // Nobody waits any more for what the client cancelled.
            context.Response.StatusCode = stream is null ? StatusCodes.Status202Accepted : context.Response.StatusCode;
        }
        else if (stream is not null)
        {
            await stream.WriteMessageAsync(answer.Text, exchange.Ended).ConfigureAwait(false);
        }
        else
        {
            if (IsDone || message.Method != Methods.Initialize)
            {
                NameSession();
            }

            await Reply.JsonAsync(context.Response, answer.Status, answer.Text, exchange.Ended).ConfigureAwait(false);
        }
    }

    private void NameSession()
    {
        if (SessionId is not null)
        {
            context.Response.Headers[HeaderNames.Session] = SessionId;
        }
    }

    /// <summary>
    /// The client went, or the exchange was ended. Only without sessions does the former cancel what was asked: in a session the server
    /// goes on, and nobody waits for what it says then.
    /// </summary>
    private async ValueTask EndedAsync(OpenExchange exchange, Mailbox box)
    {
        if (!child.IsOfSession || exchange.Reason is not null)
        {
            await child.CancelAsync(box, exchange.Reason ?? Closed).ConfigureAwait(false);
        }

        if (exchange.Reason is { } reason)
        {
            await SayAsync(exchange, reason == TooLong ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, reason)
                .ConfigureAwait(false);
        }
        else if (_request is { } id)
        {
            await exchange.Conversation.AbandonAsync(id).ConfigureAwait(false);
        }
    }

    /// <summary>Answers with an error what isn't answered yet. The call may have run.</summary>
    private async ValueTask SayAsync(OpenExchange exchange, int status, string reason)
    {
        if (_request is not { } id)
        {
            context.Response.StatusCode = context.Response.HasStarted ? context.Response.StatusCode : status;
            return;
        }

        bool isOpen = await exchange.Conversation.AbandonAsync(id).ConfigureAwait(false);
        if (!context.Response.HasStarted)
        {
            await Reply.ErrorAsync(context.Response, status, id, MessageFault.InternalError, reason).ConfigureAwait(false);
        }
        else if (isOpen && exchange.Stream is { } stream)
        {
            ReadOnlyMemory<byte> error = JsonRpcText.Error(id, MessageFault.InternalError, reason);
            await stream.WriteMessageAsync(error, context.RequestAborted).ConfigureAwait(false);
        }
    }
}
