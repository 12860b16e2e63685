using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Proxy.Stdio;

/// <summary>
/// Keeps a server running that is a process: one after another, each with the session that the client opened with the first. What waits to
/// be handed to it waits until the next one can go on. Safe for any number of threads.
/// </summary>
/// <param name="command">How it is started.</param>
/// <param name="options">How it is guarded.</param>
/// <param name="listener">Takes what it says.</param>
internal sealed class ChildServer(UpstreamCommand command, McpProxyOptions options, IChildListener listener) : IDisposable
{
    private static readonly TimeSpan ToOpen = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ToDrain = TimeSpan.FromSeconds(1);

    private readonly ChildGate _gate = new();
    private readonly LegacySession _session = new();
    private readonly RestartPlan _plan = new(options.TimeProvider);
    private readonly CancellationTokenSource _finishing = new();
    private readonly ILogger _logger = (options.LoggerFactory ?? NullLoggerFactory.Instance).CreateLogger<ChildServer>();
    private readonly Lock _starting = new();
    private ChildProcess? _latest;
    private volatile bool _startsNoMore;
    private Repetition? _repetition;
    private int _starts;
    private bool _hasAnswered;
    private bool _hasRefused;
    private bool _hasFailed;

    /// <summary>Starts it for the first time.</summary>
    /// <exception cref="UpstreamException">It can't be started.</exception>
    /// <returns>False where it isn't to be started any more.</returns>
    public bool Start() => StartNext() is not null;

    /// <summary>Waits until it can be handed something; who gets a process has to <see cref="Leave"/>.</summary>
    /// <returns>The process; null when the server has ended for good.</returns>
    public ValueTask<ChildProcess?> EnterAsync(CancellationToken cancellationToken) => _gate.EnterAsync(cancellationToken);

    /// <summary>The process if it can be handed something now; who gets one has to <see cref="Leave"/>.</summary>
    public ChildProcess? TryEnter() => _gate.TryEnter();

    /// <summary>What was judged for this process is handed over, or won't be.</summary>
    public void Leave() => _gate.Leave();

    /// <summary>Takes down what the client says to it, before it is handed over.</summary>
    public void NoteSent(JsonRpcMessage message) => _session.NoteSent(message);

    /// <summary>Nothing more comes: its input is closed, and once it has ended it isn't started again.</summary>
    public void Finish() => _finishing.Cancel();

    /// <summary>Starts no process any more; the one that serves goes on.</summary>
    public void StartNoMore() => _startsNoMore = true;

    /// <summary>Ends the process that serves at once, with all below it, and starts none any more.</summary>
    public void Kill()
    {
        _startsNoMore = true;
        lock (_starting)
        {
            _latest?.Kill();
        }
    }

    /// <summary>Takes what it says until it ends for good. It was started before.</summary>
    /// <param name="cancellationToken">Ends it, within little more than 2 seconds.</param>
    /// <returns>
    /// True where it was to end; false where it can't be kept running, or crashed while somebody waited and isn't started again. No process
    /// is left.
    /// </returns>
    public async Task<bool> ServeAsync(CancellationToken cancellationToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _finishing.Token);
        ChildProcess? child = _latest;
        while (true)
        {
            if (child is not null)
            {
                await LiveAsync(child, cancellationToken).ConfigureAwait(false);
            }

            if (stopping.IsCancellationRequested || _startsNoMore)
            {
                _gate.Remove();
                return !(_hasFailed && _finishing.IsCancellationRequested);
            }

            if (_plan.End(_hasAnswered && !_hasRefused) is not { } wait)
            {
                StdioLog.ServerGone(_logger, command.FileName, RestartPlan.MaxSilentStarts);
                _gate.Remove();
                return false;
            }

            child = await StartAgainAsync(wait, stopping.Token).ConfigureAwait(false);
        }
    }

    /// <summary>Lets go of what it held; it has served before.</summary>
    public void Dispose() => _finishing.Dispose();

    private ChildProcess? StartNext()
    {
        lock (_starting)
        {
            if (_startsNoMore)
            {
                return null;
            }

            _starts++;
            _hasAnswered = _hasRefused = false;
            _plan.Start();
            return _latest = ChildProcess.Start(command, options.MaxMessageBytes, options.TimeProvider);
        }
    }

    private async Task<ChildProcess?> StartAgainAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(wait, options.TimeProvider, cancellationToken).ConfigureAwait(false);
            return StartNext();
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (UpstreamException e)
        {
            StdioLog.ServerNotStarted(_logger, e.Message);
            return null;
        }
    }

    /// <summary>One process, from its start to its end.</summary>
    private async Task LiveAsync(ChildProcess child, CancellationToken cancellationToken)
    {
        _repetition = _session.Initialize is { } initialize ? new Repetition(initialize, _session.Initialized, _starts) : null;
        using var life = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task opening = OpenAsync(child, life);
        Task watching = WatchAsync(child, life);
        CancellationTokenRegistration closing = _finishing.Token.Register(child.CloseInput);
        try
        {
            await ListenAsync(child, life.Token, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await life.CancelAsync().ConfigureAwait(false);
            child.Abort();
            await Task.WhenAll(opening, watching).ConfigureAwait(false);
            await _gate.ShutAsync().ConfigureAwait(false);
            await closing.DisposeAsync().ConfigureAwait(false);
            _session.NoteEnd();
            bool wasWaitedFor = false;
            try
            {
                wasWaitedFor = await listener.EndAsync().ConfigureAwait(false);
            }
            finally
            {
                await child.DisposeAsync().ConfigureAwait(false);
            }

            _hasFailed = wasWaitedFor && child.HasCrashed;
        }

        if (!cancellationToken.IsCancellationRequested && !_finishing.IsCancellationRequested)
        {
            StdioLog.ServerEnded(_logger, command.FileName, child.ExitCode);
        }
    }

    private async Task ListenAsync(ChildProcess child, CancellationToken life, CancellationToken cancellationToken)
    {
        try
        {
            while (await child.ReadAsync(life).ConfigureAwait(false) is { } line)
            {
                foreach (ReadResult result in line.ReadServer().Each())
                {
                    await TakeAsync(result, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // It is to end, or won't say any more.
        }
    }

    private async ValueTask TakeAsync(ReadResult result, CancellationToken cancellationToken)
    {
        _hasAnswered |= result.IsResponse;
        if (_repetition is { } repetition && repetition.TryTake(result))
        {
            return;
        }

        if (result is { IsResponse: true, Message: { } answer })
        {
            _session.NoteAnswer(answer);
        }

        await listener.TakeAsync(result, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Opens the client's session with a new process, then lets in what waits.</summary>
    private async Task OpenAsync(ChildProcess child, CancellationTokenSource life)
    {
        try
        {
            if (_repetition is { } repetition
                && await repetition.RunAsync(child, ToOpen, options.TimeProvider, life.Token).ConfigureAwait(false) is { } failure)
            {
                _hasRefused = true;
                StdioLog.SessionNotRepeated(_logger, command.FileName, failure);
                await life.CancelAsync().ConfigureAwait(false);
                return;
            }

            _gate.Open(child);
        }
        catch (OperationCanceledException)
        {
            // It has ended.
        }
    }

    /// <summary>
    /// What it wrote before it ended, or took no more, is still read, until nothing comes for a while: a process that it left behind may
    /// hold its output open for ever.
    /// </summary>
    private async Task WatchAsync(ChildProcess child, CancellationTokenSource life)
    {
        try
        {
            await Task.WhenAny(child.Exited, child.Failed).WaitAsync(life.Token).ConfigureAwait(false);
            long seen;
            do
            {
                seen = child.Readings;
                await Task.Delay(ToDrain, options.TimeProvider, life.Token).ConfigureAwait(false);
            }
            while (!child.IsBeingRead || child.Readings != seen);
            await life.CancelAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // All of it is read.
        }
    }
}
