namespace PolicyLayer.Auditing.JsonLines;

/// <summary>Rings an interval after it was set, once. Safe for any number of threads.</summary>
internal sealed class Alarm : IDisposable
{
    private readonly Action _ring;
    private readonly TimeSpan _interval;
    private readonly ITimer _timer;
    private bool _isSet;

    public Alarm(TimeProvider time, TimeSpan interval, Action ring)
    {
        _ring = ring;
        _interval = interval;
        _timer = time.CreateTimer(static alarm => ((Alarm)alarm!).Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Sets it, unless it is set.</summary>
    public void Set()
    {
        if (!Interlocked.Exchange(ref _isSet, true) && !_timer.Change(_interval, Timeout.InfiniteTimeSpan))
        {
            Volatile.Write(ref _isSet, false);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Ring()
    {
        Volatile.Write(ref _isSet, false);
        _ring();
    }
}
