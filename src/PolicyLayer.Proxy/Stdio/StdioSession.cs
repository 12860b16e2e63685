using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using PolicyLayer.Json.Values;
using PolicyLayer.Proxy.Guarding;
using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Proxy.Stdio;

/// <summary>One client and its server: what the one says is judged in the order in which it came, what the other says goes on.</summary>
internal sealed class StdioSession : IChildListener, IDisposable
{
    private static readonly TimeSpan ToAnswer = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ToLeaveOff = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ToSayWhy = TimeSpan.FromMilliseconds(500);

    private readonly McpProxyOptions _options;
    private readonly ILogger _logger;
    private readonly Conversation _conversation;
    private readonly ChildServer _server;
    private readonly ClientLines _client;
    private readonly CallDeadlines _deadlines;
    private readonly ServerRequests _asked = new();
    private readonly CancellationTokenSource _listening = new();
    private readonly CancellationTokenSource _serving = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationToken _end;
    private volatile bool _isInputOver;

    public StdioSession(ToolCallAuthorizer authorizer, UpstreamCommand upstream, McpProxyOptions options, Stream input, Stream output)
    {
        _options = options;
        _end = _serving.Token;
        _logger = (options.LoggerFactory ?? NullLoggerFactory.Instance).CreateLogger<StdioProxy>();
        string session = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var caller = new Caller(options.GrantId, "process", session, SessionSource.Process);
        _conversation = new Conversation(new CallGuard(authorizer, options), caller);
        _server = new ChildServer(upstream, options, this);
        _client = new ClientLines(input, output, options.MaxMessageBytes);
        _deadlines = new CallDeadlines(options.CallTimeout, options.TimeProvider, ExpireAsync);
    }

    /// <summary>Starts the server and serves the client. Once.</summary>
    /// <returns>False where the server ended for good, or crashed and left unanswered what the client had asked before it closed.</returns>
    /// <exception cref="UpstreamException">It can't be started.</exception>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested || !_server.Start())
        {
            return true;
        }

        Task<bool> serving = _server.ServeAsync(_end);
        Task reading = ReadAsync();
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (cancellationToken.Register(() => cancelled.TrySetResult()))
        {
            Task end = await Task.WhenAny(serving, reading, _client.Gone, cancelled.Task).ConfigureAwait(false);
            if (end == reading)
            {
                _isInputOver = true;
                NoteIdle();
                _server.Finish();
                await Task.WhenAny(serving, _idle.Task, _client.Gone, cancelled.Task, DelayAsync(ToAnswer)).ConfigureAwait(false);
            }
        }

        return await EndAsync(serving, reading).ConfigureAwait(false);
    }

    /// <summary>Tells the client that its list of tools isn't the one of before.</summary>
    public async Task AnnounceAsync()
    {
        try
        {
            foreach (ReadOnlyMemory<byte> change in _conversation.ListChanges())
            {
                await _client.WriteAsync(change, _end).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The run has ended.
        }
    }

    /// <summary>Ends the server at once, with all that it has started.</summary>
    public void Kill() => _server.Kill();

    public void Dispose()
    {
        _server.Dispose();
        _client.Dispose();
        _listening.Dispose();
        _serving.Dispose();
    }

    /// <inheritdoc/>
    public async ValueTask TakeAsync(ReadResult line, CancellationToken cancellationToken)
    {
        JsonRpcId? request = line is { IsResponse: true, Id: { } id } ? _conversation.RequestOf(id) : null;
        if (request is { } answered)
        {
            _deadlines.Drop(answered);
        }

        JsonRpcMessage? message = line.Message;
        if (message is null)
        {
            ProxyLog.Unreadable(_logger, line.Fault!.Message);
            message = InPlaceOf(request, "The server's answer couldn't be read.");
        }

        if (message is not null
            && await FromServerAsync(message, cancellationToken).ConfigureAwait(false) is { } text)
        {
            await _client.WriteAsync(text, cancellationToken).ConfigureAwait(false);
        }

        NoteIdle();
    }

    /// <inheritdoc/>
    async ValueTask<bool> IChildListener.EndAsync()
    {
        _deadlines.Clear();
        _asked.Clear();
        IReadOnlyList<ReadOnlyMemory<byte>> answers = await _conversation.EndAsync("The server ended.").ConfigureAwait(false);
        try
        {
            foreach (ReadOnlyMemory<byte> answer in answers)
            {
                await _client.WriteAsync(answer, _end).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The run has ended.
        }

        NoteIdle();
        return answers.Count > 0;
    }

    /// <summary>An error in place of an answer that can't be passed on; null for what answers nothing.</summary>
    private static JsonRpcMessage? InPlaceOf(JsonRpcId? answered, string reason) =>
        answered is { } id
            ? MessageReader.Read(JsonRpcText.Error(id, MessageFault.InternalError, reason)).Message
            : null;

    private async ValueTask<ReadOnlyMemory<byte>?> FromServerAsync(JsonRpcMessage message, CancellationToken cancellationToken)
    {
        try
        {
            ReadOnlyMemory<byte>? text = await _conversation.FromServerAsync(message, cancellationToken).ConfigureAwait(false);
            return message.Kind == MessageKind.Response ? text : _asked.ToClient(message);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            ProxyLog.Unreadable(_logger, e.GetType().Name);
            return message is { Kind: MessageKind.Response, Id: { } id }
                ? JsonRpcText.Error(id, MessageFault.InternalError, "The server's answer couldn't be passed on.")
                : default(ReadOnlyMemory<byte>?);
        }
    }

    private async Task<bool> EndAsync(Task<bool> serving, Task reading)
    {
        _server.StartNoMore();
        await _listening.CancelAsync().ConfigureAwait(false);
        await Task.WhenAny(reading, DelayAsync(ToLeaveOff)).ConfigureAwait(false);
        try
        {
            await SayWhyAsync().ConfigureAwait(false);
        }
        finally
        {
            await _serving.CancelAsync().ConfigureAwait(false);
            _deadlines.Clear();
        }

        return await serving.ConfigureAwait(false);
    }

    /// <summary>Answers what the server won't any more.</summary>
    private async Task SayWhyAsync()
    {
        using var saying = new CancellationTokenSource(ToSayWhy, _options.TimeProvider);
        try
        {
            foreach (ReadOnlyMemory<byte> answer in await _conversation.EndAsync("The proxy is being stopped.")
                .AsTask().WaitAsync(saying.Token).ConfigureAwait(false))
            {
                await _client.WriteAsync(answer, saying.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The client doesn't read.
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            while (await _client.ReadAsync(_listening.Token).ConfigureAwait(false) is { } line)
            {
                await FromClientAsync(line.Read(), _listening.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The run is to end.
        }
    }

    private async ValueTask FromClientAsync(ReadResult line, CancellationToken cancellationToken)
    {
        if (line.Message is not { } message)
        {
            await RefuseAsync(line, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (await JudgeAsync(message, cancellationToken).ConfigureAwait(false) is not { } passage)
        {
            return;
        }

        if (passage.Fault is { } fault)
        {
            ProxyLog.Refused(_logger, fault.Message);
        }

        if (passage.Answer is { } answer)
        {
            await _client.WriteAsync(answer, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask RefuseAsync(ReadResult line, CancellationToken cancellationToken)
    {
        ProxyLog.Refused(_logger, line.Fault!.Message);

        // An answer's id is the server's: none of the client's own requests has failed.
        await _client.WriteAsync(Passage.Refuse(line.IsResponse ? null : line.Id, line.Fault!).Answer!.Value, cancellationToken)
            .ConfigureAwait(false);
        if (InPlaceOf(line.IsResponse ? line.Id : null, "The client's answer couldn't be read.") is { } answer)
        {
            await JudgeAsync(answer, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Judges a message, and hands it over to the server.</summary>
    private async ValueTask<Passage?> JudgeAsync(JsonRpcMessage message, CancellationToken cancellationToken)
    {
        if (await _server.EnterAsync(cancellationToken).ConfigureAwait(false) is not { } child)
        {
            return Failure(message, "The server ended.");
        }

        try
        {
            Passage passage = await _conversation.FromClientAsync(message, cancellationToken).ConfigureAwait(false);
            ReadOnlyMemory<byte>? forward = message.Kind == MessageKind.Response ? _asked.ToServer(message) : passage.Forward;
            return forward is { } text && !await HandOverAsync(child, message, text, passage.Call is not null).ConfigureAwait(false)
                ? Failure(message, "The server ended.")
                : passage;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            ProxyLog.NotJudged(_logger, e.GetType().Name);
            return Failure(message, "The message couldn't be passed on.");
        }
        finally
        {
            _server.Leave();
        }
    }

    /// <summary>Hands a message over.</summary>
    /// <returns>False for a request that surely never reached the server.</returns>
    private async ValueTask<bool> HandOverAsync(ChildProcess child, JsonRpcMessage message, ReadOnlyMemory<byte> text, bool isCall)
    {
        _server.NoteSent(message);
        if (message is { Kind: MessageKind.Request, Id: { } id })
        {
            _deadlines.Set(id, isCall);
        }
        else if (CancelledBy(message) is { } cancelled)
        {
            _deadlines.Drop(cancelled);
        }

        if (await child.WriteAsync(text, _end).ConfigureAwait(false) != Delivery.Nothing || message.Kind != MessageKind.Request)
        {
            return true;
        }

        _deadlines.Drop(message.Id!.Value);
        await _conversation.ReturnAsync(message.Id!.Value).ConfigureAwait(false);
        return false;
    }

    private static Passage? Failure(JsonRpcMessage message, string reason) =>
        message.Kind == MessageKind.Request ? Passage.Reply(JsonRpcText.Error(message.Id, MessageFault.InternalError, reason)) : null;

    private static JsonRpcId? CancelledBy(JsonRpcMessage message) =>
        message.Method == Methods.Cancelled && Members.Find(message.Body, "requestId"u8, out JsonValue id)
            ? message.IdOf(id)
            : null;

    /// <summary>A call took too long: the client hears of it, and so does the server.</summary>
    private async Task ExpireAsync(JsonRpcId id)
    {
        const string Reason = "The call took too long.";
        try
        {
            if (!await _conversation.AbandonAsync(id).ConfigureAwait(false))
            {
                return;
            }

            await _client.WriteAsync(JsonRpcText.Error(id, MessageFault.InternalError, Reason), _end).ConfigureAwait(false);
            if (_server.TryEnter() is { } child)
            {
                try
                {
                    await child.WriteAsync(JsonRpcText.Cancelled(id, Reason), _end).ConfigureAwait(false);
                }
                finally
                {
                    _server.Leave();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The run has ended.
        }

        NoteIdle();
    }

    private void NoteIdle()
    {
        if (_isInputOver && _conversation.IsIdle)
        {
            _idle.TrySetResult();
        }
    }

    private Task DelayAsync(TimeSpan time) => Task.Delay(time, _options.TimeProvider);
}
