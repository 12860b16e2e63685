using PolicyLayer.Telemetry;

namespace PolicyLayer.Extensions.DependencyInjection;

/// <summary>
/// Lets a fault through at once, then one a second at most: the latest, with the count of those withheld since the one before. None is
/// left out of the counts, and none is withheld for longer than a second. Safe for any number of threads.
/// </summary>
internal sealed class FaultPace(Action<Fault, long> write, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private ITimer? _pause;
    private Fault? _latest;
    private long _waiting;
    private bool _isDisposed;

    public void Take(Fault fault)
    {
        lock (_lock)
        {
            if (_pause is not null)
            {
                _latest = fault;
                _waiting++;
                return;
            }

            if (!_isDisposed)
            {
                _pause = CreateTimer();
            }
        }

        write(fault, 0);
    }

    /// <summary>Lets through what waits. What comes later isn't withheld.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
        }

        EndPause();
    }

    private ITimer? CreateTimer()
    {
        try
        {
            return time.CreateTimer(state => ((FaultPace)state!).EndPause(), this, Pause, Timeout.InfiniteTimeSpan);
        }
        catch (Exception)
        {
            // Without a clock nothing is withheld: faults are few then, as calls that need the time are denied before.
            return null;
        }
    }

    private void EndPause()
    {
        Fault? latest;
        long withheld;
        lock (_lock)
        {
            (latest, withheld) = (_latest, _waiting - 1);
            (_latest, _waiting) = (null, 0);
            if (latest is null || _isDisposed)
            {
                _pause?.Dispose();
                _pause = null;
            }
            else
            {
                _pause?.Change(Pause, Timeout.InfiniteTimeSpan);
            }
        }

        if (latest is not null)
        {
            write(latest, withheld);
        }
    }
}
