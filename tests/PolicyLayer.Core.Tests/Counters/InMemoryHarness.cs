using PolicyLayer.Counters;
using PolicyLayer.Testing;

namespace PolicyLayer.Tests.Counters;

public sealed class InMemoryHarness : CounterStoreHarness
{
    public override CounterStoreCapabilities Capabilities =>
        CounterStoreCapabilities.RequestTime | CounterStoreCapabilities.Bounded | CounterStoreCapabilities.Inventory;

    public override ValueTask<ICounterStore> OpenAsync(CounterStoreOpening opening, CancellationToken cancellationToken)
    {
        var options = new InMemoryCounterStoreOptions();
        options.MaxCounters = opening.MaxCounters ?? options.MaxCounters;
        options.MaxCountersPerGrant = opening.MaxCountersPerGrant ?? options.MaxCountersPerGrant;
        return new(new InMemoryCounterStore(options));
    }
}
