using System.Diagnostics;

namespace PolicyLayer.Counters;

/// <summary>A store's answer to one request. Immutable; a default one counts as a failure of the store.</summary>
/// <remarks>What it holds depends on its <see cref="Status"/>: each member says what it is for the others.</remarks>
[DebuggerDisplay("{ToString(),nq}")]
public readonly struct CounterReservation
{
    // Charged: the stamp and the state, and what the counters hold if it says that. Refused: when to try again, in milliseconds, and what
    // they hold. Looked: what they hold. At capacity: the demand's index. The value is copied on every decision, so it is kept small: a
    // flag stands beside the status.
    private readonly long _number;
    private readonly long _used;
    private readonly object? _object;

    private CounterReservation(
        CounterReservationStatus status, long number, object? state = null, long used = 0, bool saysUsed = false)
    {
        Status = status;
        SaysUsed = saysUsed;
        _number = number;
        _object = state;
        _used = used;
    }

    /// <summary>The answer.</summary>
    public CounterReservationStatus Status { get; }

    /// <summary>
    /// A number of the store's own, such as the time it charged at; it comes back with a release. 0 unless admitted, and of a look that
    /// says what the counters hold.
    /// </summary>
    public long Stamp => Status == CounterReservationStatus.Admitted ? _number : 0;

    /// <summary>
    /// An object of the store's own; it comes back with a release. Null unless admitted, and of a look that says what the counters hold.
    /// </summary>
    public object? State => _object switch
    {
        ChargedState charged => charged.State,
        _ => Status == CounterReservationStatus.Admitted && !SaysUsed ? _object : null,
    };

    /// <summary>
    /// How long after the request's time a refused call may fit, in whole milliseconds; null when it never will or the store can't say, and
    /// unless refused.
    /// </summary>
    public TimeSpan? RetryAfter => RetryAfterMilliseconds > 0 ? TimeSpan.FromMilliseconds(RetryAfterMilliseconds) : null;

    /// <summary>The first demand that found no room for a new counter; 0 unless at capacity.</summary>
    public int CapacityIndex => Status == CounterReservationStatus.AtCapacity ? (int)_number : 0;

    /// <summary>
    /// Whether it says what each counter holds: a refusal does, and the answer to a look; of a charge,
    /// <see cref="Charged(ReadOnlySpan{long}, long, object)"/>.
    /// </summary>
    public bool SaysUsed { get; }

    /// <summary>0 for none.</summary>
    internal long RetryAfterMilliseconds => Status == CounterReservationStatus.Refused ? _number : 0;

    /// <summary>
    /// Every demand was charged. Where the request wants it, <see cref="Charged(ReadOnlySpan{long}, long, object)"/> says more, and of a
    /// look <see cref="Looked(ReadOnlySpan{long})"/>.
    /// </summary>
    /// <param name="stamp">A number of the store's own, given back with a release.</param>
    /// <param name="state">An object of the store's own, given back with a release.</param>
    public static CounterReservation Admitted(long stamp = 0, object? state = null) =>
        new(CounterReservationStatus.Admitted, stamp, state);

    /// <summary>
    /// Every demand was charged, and the request wants to know what each counter holds now (<see cref="CounterRequest.WantsUsed"/>).
    /// <see cref="CounterArithmetic"/> makes it for most stores.
    /// </summary>
    /// <param name="usedMillionths">
    /// What each counter holds once this charge is made, and none after it, in the order of the demands, in millionths.
    /// </param>
    /// <param name="stamp">A number of the store's own, given back with a release.</param>
    /// <param name="state">An object of the store's own, given back with a release.</param>
    public static CounterReservation Charged(ReadOnlySpan<long> usedMillionths, long stamp = 0, object? state = null) =>
        usedMillionths.Length == 1 && state is null
            ? new(CounterReservationStatus.Admitted, stamp, used: usedMillionths[0], saysUsed: true)
            : new(CounterReservationStatus.Admitted, stamp, new ChargedState(usedMillionths.ToArray(), state), saysUsed: true);

    /// <summary>
    /// Every demand would have been charged, but the request only looks. <see cref="CounterArithmetic"/> makes it for most stores.
    /// </summary>
    /// <param name="usedMillionths">What each counter holds at the request's time, in the order of the demands, in millionths.</param>
    public static CounterReservation Looked(ReadOnlySpan<long> usedMillionths) => usedMillionths.Length == 1
        ? new(CounterReservationStatus.Admitted, 0, used: usedMillionths[0], saysUsed: true)
        : Looked(usedMillionths.ToArray());

    /// <summary>At least one demand didn't fit; nothing was charged. <see cref="CounterArithmetic"/> makes it for most stores.</summary>
    /// <param name="usedMillionths">What each counter holds, in the order of the demands.</param>
    /// <param name="retryAfter">The longest wait that a refusing demand asks, rounded up to milliseconds; null when it never fits.</param>
    public static CounterReservation Refused(ReadOnlySpan<long> usedMillionths, TimeSpan? retryAfter) =>
        Refused(usedMillionths.ToArray(), retryAfter is { } wait ? RoundUp(wait) : 0);

    /// <summary>A counter that doesn't exist yet would be one too many; nothing was charged.</summary>
    /// <param name="index">The first demand that needs a new counter.</param>
    public static CounterReservation AtCapacity(int index = 0) => new(CounterReservationStatus.AtCapacity, index);

    /// <summary>Reads what the answer says that one of the request's counters holds, in millionths.</summary>
    /// <param name="index">The demand's index.</param>
    /// <returns>
    /// Of a refusal or a look what the counter held, of a charge what it held after it; 0 when the store didn't say
    /// (<see cref="SaysUsed"/>).
    /// </returns>
    public long GetUsedMillionths(int index)
    {
        if (!SaysUsed)
        {
            return 0;
        }

        long[]? several = _object is ChargedState charged ? charged.UsedMillionths : _object as long[];
        if (several is not null)
        {
            return (uint)index < (uint)several.Length ? several[index] : 0;
        }

        return index == 0 ? _used : 0;
    }

    /// <summary>The answer; not what the counters hold.</summary>
    public override string ToString() => Status.ToString();

    /// <summary>The list becomes the reservation's.</summary>
    internal static CounterReservation Looked(long[] usedMillionths) =>
        new(CounterReservationStatus.Admitted, 0, usedMillionths, saysUsed: true);

    /// <summary>The only demand didn't fit: this allocates nothing.</summary>
    internal static CounterReservation Refused(long usedMillionths, long retryAfterMilliseconds) =>
        new(CounterReservationStatus.Refused, WaitOf(retryAfterMilliseconds), used: usedMillionths, saysUsed: true);

    /// <summary>The list becomes the reservation's.</summary>
    internal static CounterReservation Refused(long[] usedMillionths, long retryAfterMilliseconds) =>
        new(CounterReservationStatus.Refused, WaitOf(retryAfterMilliseconds), usedMillionths, saysUsed: true);

    // INVARIANT: the wait of a refusal is one that a clock can show, so that it is a TimeSpan.
    private static long WaitOf(long milliseconds) => Math.Clamp(milliseconds, 0, CounterWindow.LongestWait);

    private static long RoundUp(TimeSpan time)
    {
        (long milliseconds, long rest) = Math.DivRem(time.Ticks, TimeSpan.TicksPerMillisecond);
        return rest > 0 ? milliseconds + 1 : milliseconds;
    }

    /// <summary>What a charge says and what its release needs, where the fields have no room for both.</summary>
    private sealed record ChargedState(long[] UsedMillionths, object? State);
}
