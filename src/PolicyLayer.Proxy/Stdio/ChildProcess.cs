using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Proxy.Stdio;

/// <summary>
/// A server as a process, from its start to its end: lines in, lines out, and its standard error is the proxy's own. Writing is safe for
/// any number of threads, reading for one.
/// </summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const string SecretPrefix = "POLICYLAYER_";
    private const string MarkVariable = "MCP_PROXY_CHILD";

    private static readonly TimeSpan ToEnd = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan ToHeed = TimeSpan.FromSeconds(0.7);
    private static readonly TimeSpan ToDie = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);

    private readonly Process _process;
    private readonly string _mark;
    private readonly Stream _input;
    private readonly LineWriter _writer;
    private readonly LineReader _reader;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _life = new();
    private readonly TaskCompletionSource _failure = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private List<Process> _below = [];
    private int _isInputClosed;
    private long _readings;
    private volatile bool _isBeingRead;

    private ChildProcess(Process process, string mark, int maxMessageBytes, TimeProvider time)
    {
        _process = process;
        _mark = mark;
        _time = time;
        _input = process.StandardInput.BaseStream;
        _writer = new LineWriter(_input);
        _reader = new LineReader(process.StandardOutput.BaseStream, maxMessageBytes, takesTorn: true);
        Exited = process.WaitForExitAsync();
    }

    /// <summary>Ends when the process has, whoever else holds its pipes.</summary>
    public Task Exited { get; }

    /// <summary>Ends when it takes no more lines.</summary>
    public Task Failed => _failure.Task;

    /// <summary>How many lines were read.</summary>
    public long Readings => Interlocked.Read(ref _readings);

    /// <summary>Whether its next line is waited for.</summary>
    public bool IsBeingRead => _isBeingRead;

    /// <summary>The exit code; null before it is disposed of.</summary>
    public int? ExitCode { get; private set; }

    /// <summary>Whether it ended by itself with an exit code that isn't 0; false before it is disposed of.</summary>
    public bool HasCrashed { get; private set; }

    /// <summary>Starts a server.</summary>
    /// <param name="command">How.</param>
    /// <param name="maxMessageBytes">The longest line that it may write.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="UpstreamException">It can't be started.</exception>
    public static ChildProcess Start(UpstreamCommand command, int maxMessageBytes, TimeProvider time)
    {
        var start = new ProcessStartInfo(command.FileName, command.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        HideSecrets(start.Environment);
        string mark = Mark(start.Environment);
        try
        {
            return new ChildProcess(Process.Start(start)!, mark, maxMessageBytes, time);
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or IOException or PlatformNotSupportedException)
        {
            string why = e is Win32Exception error ? new Win32Exception(error.NativeErrorCode).Message : e.Message;
            throw new UpstreamException(
                $"The server `{command.FileName}` can't be started: {why}. Name a program that is installed, by its path where "
                + "PATH doesn't lead to it.",
                e);
        }
    }

    /// <summary>Reads the next line that it writes.</summary>
    /// <returns>The line; null at the end.</returns>
    public async ValueTask<Line?> ReadAsync(CancellationToken cancellationToken)
    {
        _isBeingRead = true;
        try
        {
            return await _reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            return null;
        }
        finally
        {
            _isBeingRead = false;
            Interlocked.Increment(ref _readings);
        }
    }

    /// <summary>Hands it a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Gives up; the message may have been taken.</param>
    /// <returns>How far it got.</returns>
    public async ValueTask<Delivery> WriteAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        if (_failure.Task.IsCompleted || Volatile.Read(ref _isInputClosed) != 0 || Exited.IsCompleted)
        {
            _failure.TrySetResult();
            return Delivery.Nothing;
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _life.Token);
        try
        {
            await _writer.WriteAsync(message, either.Token).ConfigureAwait(false);
            return Delivery.Whole;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            _failure.TrySetResult();
            cancellationToken.ThrowIfCancellationRequested();
            return Delivery.Unknown;
        }
    }

    /// <summary>Tells it that nothing more comes.</summary>
    public void CloseInput()
    {
        if (Interlocked.Exchange(ref _isInputClosed, 1) != 0)
        {
            return;
        }

        // Once it has ended, the mark alone says what it had started.
        _below = ProcessTree.Below(_process.Id, _mark);
        try
        {
            _input.Dispose();
        }
        catch (IOException)
        {
            // It has ended.
        }
    }

    /// <summary>Gives up all that is still being written to it.</summary>
    public void Abort() => _life.Cancel();

    /// <summary>Ends it at once, with all that it has started, and waits for nothing.</summary>
    public void Kill()
    {
        ProcessTree.Kill(_process);
        _below.ForEach(ProcessTree.Kill);
    }

    /// <summary>Ends it within little more than 2 seconds, with all that it has started.</summary>
    public async ValueTask DisposeAsync()
    {
        await _life.CancelAsync().ConfigureAwait(false);
        CloseInput();
        bool isTold = !await HaveExitedWithinAsync(ToEnd).ConfigureAwait(false);
        if (isTold)
        {
            Terminate();
            if (!await HaveExitedWithinAsync(ToHeed).ConfigureAwait(false))
            {
                Kill();

                // A kill takes its time, too.
                await Exited.ConfigureAwait(false);
                await HaveExitedWithinAsync(ToDie).ConfigureAwait(false);
            }
        }

        _below.ForEach(process => process.Dispose());
        ExitCode = _process.ExitCode;
        HasCrashed = !isTold && ExitCode != 0;
        _process.Dispose();
        _writer.Dispose();
        _life.Dispose();
    }

    private static void HideSecrets(IDictionary<string, string?> environment)
    {
        foreach (string name in environment.Keys.Where(name => name.StartsWith(SecretPrefix, StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            environment.Remove(name);
        }
    }

    /// <summary>Has all that it starts bear a mark, beside those of proxies around this one.</summary>
    private static string Mark(IDictionary<string, string?> environment)
    {
        string mark = RandomNumberGenerator.GetHexString(32, lowercase: true);
        environment[MarkVariable] = environment.TryGetValue(MarkVariable, out string? others) ? $"{others},{mark}" : mark;
        return mark;
    }

    private void Terminate()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        foreach (Process process in _below.Prepend(_process).Where(ProcessTree.IsAlive))
        {
            UnixSignals.Terminate(process.Id);
        }
    }

    private async Task<bool> HaveExitedWithinAsync(TimeSpan time)
    {
        long start = _time.GetTimestamp();
        try
        {
            await Exited.WaitAsync(time, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return false;
        }

        while (_below.Exists(ProcessTree.IsAlive))
        {
            if (_time.GetElapsedTime(start) >= time)
            {
                return false;
            }

            await Task.Delay(BetweenLooks, _time).ConfigureAwait(false);
        }

        return true;
    }
}
