namespace PolicyLayer.Counters;

/// <summary>Keeps the counters that limits use: in memory, in a database, on another machine.</summary>
/// <remarks>
/// What an implementation must guarantee, on any number of threads, and of processes if it is shared:
/// <list type="bullet">
/// <item>A request is one atomic step: either every demand is charged, or none is.</item>
/// <item>It is admitted when, for every demand, what the counter holds plus the amount is at most the maximum; never otherwise.
/// Amounts are whole millionths: no floating point.</item>
/// <item>A fixed window begins at multiples of its length since the Unix epoch and ends just before the next one begins.</item>
/// <item>A clock that steps back admits nothing more: each counter keeps the latest time it has seen.</item>
/// <item>A live counter is never dropped to make room; a new one is refused with <see cref="CounterReservation.AtCapacity"/>.</item>
/// <item>What can't be done throws. The engine turns any exception into a denial; a charge may remain after one, an uncharged
/// admission may not.</item>
/// </list>
/// What it may rely on: no two demands of a request share a key; a reservation is given back at most once.
/// </remarks>
public interface ICounterStore
{
    /// <summary>Charges every demand of a call, or none.</summary>
    /// <param name="request">The demands.</param>
    /// <param name="cancellationToken">Gives up. A store that can no longer tell whether it charged may leave the charge.</param>
    /// <returns>Whether the call was admitted, and what a release needs to know.</returns>
    ValueTask<CounterReservation> ReserveAsync(CounterRequest request, CancellationToken cancellationToken = default);

    /// <summary>
    /// Gives back what an admitted request charged: to the windows it was charged to while they run, never to a newer one, never below
    /// zero.
    /// </summary>
    /// <param name="release">The request and the store's answer to it. The engine passes each at most once.</param>
    /// <param name="cancellationToken">Gives up; the charge may stay.</param>
    ValueTask ReleaseAsync(CounterRelease release, CancellationToken cancellationToken = default);
}
