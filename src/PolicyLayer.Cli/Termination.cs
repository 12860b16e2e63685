using System.Runtime.InteropServices;

namespace PolicyLayer.Cli;

/// <summary>
/// The signals that end a proxy, heeded from its first moment on: it has 5 seconds to answer what is in flight and to end the server, and
/// is ended then whatever still waits.
/// </summary>
internal sealed class Termination : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4.8);

    private readonly CancellationTokenSource _asked = new();
    private readonly CancellationTokenSource _last = new();
    private readonly PosixSignalRegistration[] _signals;
    private ITimer? _timer;

    public Termination() =>
        _signals = [.. new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGHUP }.Select(Register)];

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Asked => _asked.Token;

    /// <summary>Cancelled right before the process is ended: what it started has to be ended by whoever did.</summary>
    public CancellationToken Last => _last.Token;

    public void Dispose()
    {
        foreach (PosixSignalRegistration signal in _signals)
        {
            signal.Dispose();
        }

        _timer?.Dispose();
    }

    private PosixSignalRegistration Register(PosixSignal signal) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        if (!_asked.IsCancellationRequested)
        {
            _timer = TimeProvider.System.CreateTimer(_ => End(signal), null, Patience, Timeout.InfiniteTimeSpan);
            _asked.Cancel();
        }
    });

    private void End(PosixSignal signal)
    {
        try
        {
            _last.Cancel();
        }
        finally
        {
            // Says nothing: whoever reads standard error may be what it waits for. The code is the one that shells give.
            Environment.Exit(128 + NumberOf(signal));
        }
    }

    private static int NumberOf(PosixSignal signal) => signal switch
    {
        PosixSignal.SIGHUP => 1,
        PosixSignal.SIGINT => 2,
        _ => 15,
    };
}
