namespace PolicyLayer.Counters;

/// <summary>
/// A counter store that lets people look at what it holds, and set a counter back. No decision needs it: a store of your own may leave it
/// out.
/// </summary>
/// <remarks>Safe for any number of threads, beside reservations. It takes time linear in what the store holds.</remarks>
public interface ICounterInventory
{
    /// <summary>The counters that hold something now, in no order. One that is charged meanwhile may be seen before or after.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    IAsyncEnumerable<CounterStatus> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>Makes a counter hold nothing, in one atomic step. Quota of calls still open isn't given back to it later.</summary>
    /// <param name="key">The counter.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether it held something.</returns>
    ValueTask<bool> ResetAsync(CounterKey key, CancellationToken cancellationToken = default);
}
