namespace PolicyLayer.Counters;

/// <summary>Keeps the counters that limits use: in memory, in a database, on another machine.</summary>
/// <remarks>
/// What an implementation must guarantee, on any number of threads, and of processes if it is shared:
/// <list type="bullet">
/// <item>A request is one atomic step: either every demand is charged, or none is, though the process dies in the middle.</item>
/// <item>It is admitted when, for every demand, what the counter holds before the charge is at least the minimum, and together with the
/// amount at most the maximum, and never otherwise. A counter that doesn't exist holds 0, and an amount of 0 makes none. Amounts are whole
/// millionths: no floating point.</item>
/// <item>A fixed window begins at multiples of its length since the Unix epoch, or with the calendar's week or month, and ends just before
/// the next one begins: <see cref="CounterDemand.Bounds"/> says where, for the request's time. A store with a clock of its own picks the
/// window of the two that it is in, and throws where it is in neither. In no interval of a sliding window's length is more than the
/// maximum admitted; a charge counts at most a sixtieth of the window longer. One of the recent kind never counts longer than the window's
/// length, and at least for 59 sixtieths of it.</item>
/// <item>A counter of the recent kind goes by the time of each request, or by the store's own clock of now, whatever later time it, one
/// that it takes the place of or another counter has seen. A charge that is at most a sixtieth of the window ahead counts, one that is two
/// sixtieths ahead or more doesn't, and is forgotten once something is charged so far behind it; a look or a minimum asked there changes
/// nothing. What is charged there lives at its own time. A release of what was forgotten gives nothing back, or takes from what
/// was charged in the same sixtieth since: such a counter may hold too little, never too much.</item>
/// <item>Keys that differ in anything are different counters: a mark isn't the limit of that name, nor a value's counter another value's
/// or the plain one.</item>
/// <item>A clock that steps back admits nothing more: a counter that isn't of the recent kind never goes back behind a time that it was
/// charged at, nor does a counter that takes the place of a dropped one.</item>
/// <item>A refusal says what each counter holds, in the order of the demands, and the longest wait that any refusing demand asks: in
/// milliseconds, rounded up, from the request's time, or by the store's own clock if it has one. To the window's end if it is fixed, to
/// the earliest moment at which the amount would fit if it slides, however far off after a clock that ran ahead; null when an amount
/// exceeds its maximum or a counter holds less than its minimum, as no waiting helps then. It charges nothing.</item>
/// <item>A request whose mode is <see cref="CounterRequestMode.Look"/> gets the answer that a charge would get, and changes nothing that a
/// later request could see: nothing is spent, no counter is made, none moves to another time. A release of one gives nothing back. Admitted
/// or refused, it says what each counter holds at the request's time, or by the store's own clock if it has one, in the order of the
/// demands (<see cref="CounterReservation.Looked(ReadOnlySpan{long})"/>): a person who approves is shown it.</item>
/// <item>A charge whose request has <see cref="CounterRequest.WantsUsed"/> may say what each counter holds after it, in the order of the
/// demands (<see cref="CounterReservation.Charged(ReadOnlySpan{long}, long, object)"/>): records of allowed calls tell it. Whoever says it
/// says what the charge itself left, in the same atomic step: never what others have charged or given back since. It is charged and
/// released like any other.</item>
/// <item>Maxima belong to the request: one counter may be asked under a different one each time, and a larger one finds more room.</item>
/// <item>A release returns the amounts to the windows that were charged, while they count: never to a newer one, never below zero.</item>
/// <item>What it holds is bounded, in all and for one grant, or by the memory of its server. A live counter is never dropped to make
/// room: the call that would need one more is refused with <see cref="CounterReservation.AtCapacity"/>, or throws. Only expired counters
/// are dropped, and they don't count against the bound. Counters for values (<see cref="CounterDefinition.IsPartitioned"/>) are bounded for
/// one grant in every store, and count for the one that made them, whatever their scope: what they are told apart by, an agent
/// chooses.</item>
/// <item>A token that is cancelled beforehand charges, or gives back, nothing and throws <see cref="OperationCanceledException"/>.
/// Later, a store may finish instead: the engine gives back what nobody waits for.</item>
/// <item>What can't be done throws, within a time that the store bounds, and any exception will do. The engine turns it into a denial; a
/// charge may remain after one, an admission that wasn't charged may not. What takes time goes on in the returned task: the engine stops
/// waiting for one that takes too long, but can't for a store that blocks its caller.</item>
/// </list>
/// What it may rely on: all demands of a request are of one policy, and no two share a key; a reservation is given back at most once.
/// A request, demand or window of a kind that a store doesn't know must throw. <see cref="CounterWindow"/> does the arithmetic of all
/// windows, <see cref="CounterArithmetic"/> that of whole requests, and the kit in PolicyLayer.Testing checks every promise.
/// </remarks>
public interface ICounterStore
{
    /// <summary>Charges every demand of a call, or none; or says what that would do.</summary>
    /// <param name="request">The demands.</param>
    /// <param name="cancellationToken">Gives up. A store that can no longer tell whether it charged may leave the charge.</param>
    /// <returns>Whether the call was admitted; what a release needs to know; and what each counter holds, where that is said.</returns>
    ValueTask<CounterReservation> ReserveAsync(CounterRequest request, CancellationToken cancellationToken = default);

    /// <summary>
    /// Gives back what an admitted request charged: to the windows it was charged to while they count, never to a newer one, never below
    /// zero.
    /// </summary>
    /// <param name="release">The request and the store's answer to it. The engine passes each at most once.</param>
    /// <param name="cancellationToken">Gives up; the charge may stay. Cancelled beforehand, it does.</param>
    ValueTask ReleaseAsync(CounterRelease release, CancellationToken cancellationToken = default);
}
