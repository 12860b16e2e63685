using PolicyLayer.Counters;

namespace PolicyLayer.Testing;

/// <summary>Opens and closes the stores of one run of a case.</summary>
internal sealed class CaseStores(CounterStoreHarness harness, string storage, CancellationToken cancellationToken)
    : OpenStores<ICounterStore>
{
    /// <summary>Far enough ahead that a store with a clock of its own can't have passed it.</summary>
    public static long Start { get; } = new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    public CancellationToken CancellationToken => cancellationToken;

    public bool Has(CounterStoreCapabilities capabilities) => harness.Capabilities.HasFlag(capabilities);

    public async Task<CaseStore> OpenAsync(int? maxCounters = null, int? maxCountersPerGrant = null)
    {
        var opening = new CounterStoreOpening(storage, maxCounters, maxCountersPerGrant);
        ICounterStore store = await harness.OpenAsync(opening, cancellationToken).ConfigureAwait(false);
        Opened(store);
        return new CaseStore(store, cancellationToken);
    }
}
