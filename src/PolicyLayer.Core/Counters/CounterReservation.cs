namespace PolicyLayer.Counters;

/// <summary>A store's answer to one request. Immutable; a default one counts as a failure of the store.</summary>
public readonly struct CounterReservation
{
    private readonly long _single;
    private readonly long[]? _several;

    private CounterReservation(
        CounterReservationStatus status, long stamp = 0, object? state = null, long retryAfterMilliseconds = 0, long single = 0, long[]? several = null)
    {
        Status = status;
        Stamp = stamp;
        State = state;
        RetryAfterMilliseconds = retryAfterMilliseconds;
        _single = single;
        _several = several;
    }

    /// <summary>The answer.</summary>
    public CounterReservationStatus Status { get; }

    /// <summary>A number of the store's own, such as the time it charged at; it comes back with a release.</summary>
    public long Stamp { get; }

    /// <summary>An object of the store's own; it comes back with a release.</summary>
    public object? State { get; }

    /// <summary>When a refused call may fit, in milliseconds from now, rounded up; 0 when the store can't say.</summary>
    public long RetryAfterMilliseconds { get; }

    /// <summary>Every demand was charged.</summary>
    /// <param name="stamp">A number of the store's own, given back with a release.</param>
    /// <param name="state">An object of the store's own, given back with a release.</param>
    public static CounterReservation Admitted(long stamp = 0, object? state = null) =>
        new(CounterReservationStatus.Admitted, stamp, state);

    /// <summary>The only demand didn't fit; nothing was charged.</summary>
    /// <param name="usedMillionths">What the counter holds.</param>
    /// <param name="retryAfterMilliseconds">When the call may fit, in milliseconds from now, rounded up; 0 when never.</param>
    public static CounterReservation Refused(long usedMillionths, long retryAfterMilliseconds) =>
        new(CounterReservationStatus.Refused, retryAfterMilliseconds: retryAfterMilliseconds, single: usedMillionths);

    /// <summary>At least one of several demands didn't fit; nothing was charged.</summary>
    /// <param name="usedMillionths">What each counter holds, in the order of the demands.</param>
    /// <param name="retryAfterMilliseconds">The longest that any refusing demand asks, in milliseconds, rounded up; 0 when never.</param>
    /// <exception cref="ArgumentNullException"><paramref name="usedMillionths"/> is null.</exception>
    public static CounterReservation Refused(long[] usedMillionths, long retryAfterMilliseconds)
    {
        ArgumentNullException.ThrowIfNull(usedMillionths);
        return new(CounterReservationStatus.Refused, retryAfterMilliseconds: retryAfterMilliseconds, several: usedMillionths);
    }

    /// <summary>A counter that doesn't exist yet would be one too many; nothing was charged.</summary>
    /// <param name="index">The first demand that needs a new counter.</param>
    public static CounterReservation AtCapacity(int index = 0) => new(CounterReservationStatus.AtCapacity, stamp: index);

    /// <summary>What a refused request found on one of its counters, in millionths.</summary>
    /// <param name="index">The demand's index.</param>
    /// <returns>The amount; 0 when the store didn't say.</returns>
    public long UsedMillionths(int index) =>
        _several is null ? (index == 0 ? _single : 0)
        : (uint)index < (uint)_several.Length ? _several[index] : 0;
}
