using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PolicyLayer.Proxy.Guarding;
using PolicyLayer.Proxy.Messages;
using PolicyLayer.Proxy.Stdio;

namespace PolicyLayer.Proxy.Bridging;

/// <summary>A server that was started for some callers, and what they and it say to each other. Safe for any number of threads.</summary>
internal abstract class BridgeChild : IChildListener, IAsyncDisposable
{
    private const string Gone = "The server ended.";
    private const int MaxOwnAnswers = 64;

    private readonly ChildServer _server;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _ending = new();
    private readonly CancellationToken _end;
    private Task _serving = Task.CompletedTask;
    private int _isEnding;
    private int _ownAnswers;

    protected BridgeChild(UpstreamCommand command, McpProxyOptions options, ILogger logger)
    {
        _server = new ChildServer(command, options, this);
        _logger = logger;
        _end = _ending.Token;
    }

    /// <summary>Whether it is one session's.</summary>
    public abstract bool IsOfSession { get; }

    /// <summary>Whose grant it is used under.</summary>
    public abstract string GrantId { get; }

    /// <summary>Of the token that alone may use it; null where others of the grant may.</summary>
    public virtual string? TokenSha256 => null;

    /// <summary>Ends when it has ended for good, and no process is left.</summary>
    public Task Ended => _serving;

    /// <summary>How many requests are in it now. <see cref="Children"/> alone reads and writes it, and the next.</summary>
    public int Active { get; set; }

    /// <summary>When the last of them ended.</summary>
    public long LastUsed { get; set; }

    protected ChildRequests Requests { get; } = new();

    /// <summary>Starts it.</summary>
    /// <exception cref="UpstreamException">It can't be started.</exception>
    public void Start()
    {
        _server.Start();
        _serving = ServeAsync();
    }

    /// <summary>Ends its process at once, and has no other started.</summary>
    public void Kill() => _server.Kill();

    /// <summary>Ends it, and waits until no process is left.</summary>
    public async ValueTask DisposeAsync()
    {
        bool isFirst = Interlocked.Exchange(ref _isEnding, 1) == 0;
        if (isFirst)
        {
            await _ending.CancelAsync().ConfigureAwait(false);
        }

        await _serving.ConfigureAwait(false);
        if (isFirst)
        {
            _ending.Dispose();
        }
    }

    /// <summary>Makes a place where a caller hears of what it asked for.</summary>
    /// <param name="takesNews">Whether it reads anything beside the answer.</param>
    public virtual Mailbox Open(bool takesNews) => new(takesNews);

    /// <summary>The caller doesn't read any more.</summary>
    public virtual void Shut(Mailbox box) => box.Close();

    /// <summary>Judges a message, and hands it over.</summary>
    /// <param name="message">The message.</param>
    /// <param name="conversation">What it is part of.</param>
    /// <param name="box">Where its caller hears of it.</param>
    /// <param name="cancellationToken">Gives up, until it is handed over.</param>
    /// <returns>What became of it: an answer where it wasn't handed over.</returns>
    public async ValueTask<Passage> PassAsync(
        JsonRpcMessage message, Conversation conversation, Mailbox box, CancellationToken cancellationToken)
    {
        if (await _server.EnterAsync(cancellationToken).ConfigureAwait(false) is not { } child)
        {
            return Failure(message, Gone);
        }

        try
        {
            Passage passage = await conversation.FromClientAsync(message, cancellationToken).ConfigureAwait(false);
            if (passage.Forward is not { } text)
            {
                return passage;
            }

            if (message.Kind != MessageKind.Request)
            {
                await TellAsync(child, message).ConfigureAwait(false);
                return passage;
            }

            string? failure = await AskAsync(child, message, text, conversation, box).ConfigureAwait(false);
            if (failure is null)
            {
                return passage;
            }

            await conversation.ReturnAsync(message.Id!.Value).ConfigureAwait(false);
            return Failure(message, failure);
        }
        finally
        {
            _server.Leave();
        }
    }

    /// <summary>Nobody waits any more for a request's answer: the child hears of it.</summary>
    public async ValueTask CancelAsync(Mailbox box, string reason)
    {
        if (Requests.Find(request => request.Box == box) is not { } request || !Requests.Remove(request))
        {
            return;
        }

        await SayAsync(JsonRpcText.Cancelled(ChildText.IdOf(request.Number), reason)).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask TakeAsync(ReadResult line, CancellationToken cancellationToken)
    {
        if (line.Message is null)
        {
            ProxyLog.Unreadable(_logger, line.Fault!.Message);
        }

        try
        {
            if (line.IsResponse)
            {
                await AnswerAsync(line, cancellationToken).ConfigureAwait(false);
            }
            else if (line.Message is { } message)
            {
                await HearAsync(message, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            ProxyLog.Unreadable(_logger, e.GetType().Name);
        }
    }

    /// <inheritdoc/>
    async ValueTask<bool> IChildListener.EndAsync()
    {
        IReadOnlyList<ChildRequest> open = Requests.TakeAll();
        foreach (Conversation conversation in ConversationsOf(open))
        {
            await conversation.EndAsync(Gone).ConfigureAwait(false);
        }

        foreach (ChildRequest request in open)
        {
            request.Box.Close(ErrorTo(request, Gone));
        }

        NoteEnd();
        return open.Count > 0;
    }

    /// <summary>Takes what the child says that is no answer.</summary>
    protected abstract ValueTask HearAsync(JsonRpcMessage message, CancellationToken cancellationToken);

    /// <summary>A caller's message that wants no answer, as the child gets it; null for one that it doesn't get.</summary>
    protected abstract ReadOnlyMemory<byte>? Translate(JsonRpcMessage message);

    /// <summary>The conversations that a process has been in.</summary>
    protected virtual IEnumerable<Conversation> ConversationsOf(IEnumerable<ChildRequest> open) =>
        open.Select(request => request.Conversation).Distinct();

    /// <summary>The process ended.</summary>
    protected virtual void NoteEnd()
    {
    }

    /// <summary>There will be none any more.</summary>
    protected virtual void NoteLastEnd()
    {
    }

    /// <summary>The status of an answer of the child's that nothing came before.</summary>
    protected virtual int StatusOf(JsonRpcMessage answer) => StatusCodes.Status200OK;

    /// <summary>
    /// Answers something of the child's with words of the proxy's own. Nobody waits for that: a child that asks much and reads nothing gets
    /// no more of them.
    /// </summary>
    protected void AnswerChild(ReadOnlyMemory<byte> text)
    {
        if (Interlocked.Increment(ref _ownAnswers) <= MaxOwnAnswers)
        {
            _ = WriteAsync(text);
        }
        else
        {
            Interlocked.Decrement(ref _ownAnswers);
        }
    }

    private static Passage Failure(JsonRpcMessage message, string reason) => message.Kind == MessageKind.Request
        ? Passage.Refuse(message.Id, new MessageFault(MessageFault.InternalError, reason))
        : default;

    private static Answer ErrorTo(ChildRequest request, string reason) =>
        new(JsonRpcText.Error(request.Id, MessageFault.InternalError, reason), StatusCodes.Status200OK, IsError: true);

    private async Task ServeAsync()
    {
        await _server.ServeAsync(_end).ConfigureAwait(false);
        NoteLastEnd();
        _server.Dispose();
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> text)
    {
        await SayAsync(text).ConfigureAwait(false);
        Interlocked.Decrement(ref _ownAnswers);
    }

    /// <summary>Says something that is the proxy's own, where the child is there.</summary>
    private async ValueTask SayAsync(ReadOnlyMemory<byte> text)
    {
        if (_server.TryEnter() is not { } child)
        {
            return;
        }

        try
        {
            await child.WriteAsync(text, _end).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // It is being ended.
        }
        finally
        {
            _server.Leave();
        }
    }

    private async ValueTask TellAsync(ChildProcess child, JsonRpcMessage message)
    {
        if (Translate(message) is { } text)
        {
            _server.NoteSent(message);
            await child.WriteAsync(text, _end).ConfigureAwait(false);
        }
    }

    /// <summary>Hands a request over.</summary>
    /// <returns>Why it surely never reached the child; null where it may have.</returns>
    private async ValueTask<string?> AskAsync(
        ChildProcess child, JsonRpcMessage message, ReadOnlyMemory<byte> text, Conversation conversation, Mailbox box)
    {
        JsonRpcMessage forward = text.Equals(message.Text) ? message : MessageReader.Read(text).Message!;
        long number = Requests.NextNumber();
        var request = new ChildRequest(number, message.Id!.Value, conversation, box) { Token = ChildText.TokenOf(message) };
        if (!Requests.TryAdd(request))
        {
            return MessageFault.TooMany.Message;
        }

        text = ChildText.ToChild(forward, number, hidesToken: !IsOfSession);
        if (IsOfSession && message.Method == Methods.Initialize)
        {
            _server.NoteSent(MessageReader.Read(text).Message!);
        }

        if (await child.WriteAsync(text, _end).ConfigureAwait(false) != Delivery.Nothing)
        {
            return null;
        }

        Requests.Remove(request);
        return Gone;
    }

    private async ValueTask AnswerAsync(ReadResult line, CancellationToken cancellationToken)
    {
        if (line.Id is not { } id || Requests.Take(id) is not { } request)
        {
            return;
        }

        Answer? answer = null;
        try
        {
            answer = line.Message is { } message && ChildText.ToCaller(message, request) is { } translated
                ? await PassBackAsync(message, translated, request.Conversation, cancellationToken).ConfigureAwait(false)
                : await FailAsync(request, "The server's answer couldn't be read.").ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            ProxyLog.Unreadable(_logger, e.GetType().Name);
            answer = ErrorTo(request, "The server's answer couldn't be passed on.");
        }
        finally
        {
            request.Box.Close(answer);
        }
    }

    private async ValueTask<Answer?> PassBackAsync(
        JsonRpcMessage message, JsonRpcMessage translated, Conversation conversation, CancellationToken cancellationToken) =>
        await conversation.FromServerAsync(translated, cancellationToken).ConfigureAwait(false) is { } text
            ? new Answer(text, StatusOf(message), message.IsError)
            : null;

    private static async ValueTask<Answer> FailAsync(ChildRequest request, string reason)
    {
        await request.Conversation.AbandonAsync(request.Id).ConfigureAwait(false);
        return ErrorTo(request, reason);
    }
}
