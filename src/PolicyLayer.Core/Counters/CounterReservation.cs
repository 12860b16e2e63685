namespace PolicyLayer.Counters;

/// <summary>A store's answer to one request. Immutable; a default one counts as a failure of the store.</summary>
public readonly struct CounterReservation
{
    // Admitted: the stamp and the state. Refused: when to try again, and what the counters hold. At capacity: the demand's index.
    // The value is copied on every decision, so it is kept small.
    private readonly long _number;
    private readonly long _used;
    private readonly object? _object;

    private CounterReservation(CounterReservationStatus status, long number, object? state = null, long used = 0)
    {
        Status = status;
        _number = number;
        _object = state;
        _used = used;
    }

    /// <summary>The answer.</summary>
    public CounterReservationStatus Status { get; }

    /// <summary>A number of the store's own, such as the time it charged at; it comes back with a release. 0 unless admitted.</summary>
    public long Stamp => Status == CounterReservationStatus.Admitted ? _number : 0;

    /// <summary>An object of the store's own; it comes back with a release. Null unless admitted.</summary>
    public object? State => Status == CounterReservationStatus.Admitted ? _object : null;

    /// <summary>When a refused call may fit, in milliseconds from now, rounded up; 0 when the store can't say.</summary>
    public long RetryAfterMilliseconds => Status == CounterReservationStatus.Refused ? _number : 0;

    /// <summary>The first demand that found no room for a new counter; 0 unless at capacity.</summary>
    public int CapacityIndex => Status == CounterReservationStatus.AtCapacity ? (int)_number : 0;

    /// <summary>Every demand was charged.</summary>
    /// <param name="stamp">A number of the store's own, given back with a release.</param>
    /// <param name="state">An object of the store's own, given back with a release.</param>
    public static CounterReservation Admitted(long stamp = 0, object? state = null) =>
        new(CounterReservationStatus.Admitted, stamp, state);

    /// <summary>The only demand didn't fit; nothing was charged.</summary>
    /// <param name="usedMillionths">What the counter holds.</param>
    /// <param name="retryAfterMilliseconds">When the call may fit, in milliseconds from now, rounded up; 0 when never.</param>
    public static CounterReservation Refused(long usedMillionths, long retryAfterMilliseconds) =>
        new(CounterReservationStatus.Refused, retryAfterMilliseconds, used: usedMillionths);

    /// <summary>At least one of several demands didn't fit; nothing was charged.</summary>
    /// <param name="usedMillionths">What each counter holds, in the order of the demands.</param>
    /// <param name="retryAfterMilliseconds">The longest that any refusing demand asks, in milliseconds, rounded up; 0 when never.</param>
    /// <exception cref="ArgumentNullException"><paramref name="usedMillionths"/> is null.</exception>
    public static CounterReservation Refused(long[] usedMillionths, long retryAfterMilliseconds)
    {
        ArgumentNullException.ThrowIfNull(usedMillionths);
        return new(CounterReservationStatus.Refused, retryAfterMilliseconds, usedMillionths);
    }

    /// <summary>A counter that doesn't exist yet would be one too many; nothing was charged.</summary>
    /// <param name="index">The first demand that needs a new counter.</param>
    public static CounterReservation AtCapacity(int index = 0) => new(CounterReservationStatus.AtCapacity, index);

    /// <summary>What a refused request found on one of its counters, in millionths.</summary>
    /// <param name="index">The demand's index.</param>
    /// <returns>The amount; 0 when the store didn't say.</returns>
    public long UsedMillionths(int index) =>
        Status != CounterReservationStatus.Refused ? 0
        : _object is not long[] several ? (index == 0 ? _used : 0)
        : (uint)index < (uint)several.Length ? several[index] : 0;
}
