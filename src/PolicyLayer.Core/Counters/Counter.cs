namespace PolicyLayer.Counters;

/// <summary>One counter of a fixed window. Times are milliseconds since the Unix epoch. Guarded by its book's lock.</summary>
internal sealed class Counter(int windowSeconds)
{
    private readonly long _window = windowSeconds * 1_000L;
    private long _latest;
    private long _windowEnd;

    public long Used { get; private set; }

    public bool IsExpired(long now) => now >= _windowEnd;

    /// <summary>Moves to a time, or stays where it is when the clock has stepped back. Returns the time that it is at.</summary>
    public long MoveTo(long now)
    {
        if (now > _latest)
        {
            _latest = now;
            if (now >= _windowEnd)
            {
                Used = 0;
                _windowEnd = now - (now % _window) + _window;
            }
        }

        return _latest;
    }

    public void Charge(long amount) => Used += amount;

    /// <summary>How long after <see cref="MoveTo"/>'s time there is room again.</summary>
    public long RetryAfter() => _windowEnd - _latest;

    public void Release(long amount, long chargedAt)
    {
        if (chargedAt < _windowEnd && chargedAt >= _windowEnd - _window)
        {
            Used = Math.Max(0, Used - amount);
        }
    }
}
