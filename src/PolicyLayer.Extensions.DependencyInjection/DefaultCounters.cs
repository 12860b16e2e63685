using PolicyLayer.Counters;

namespace PolicyLayer.Extensions.DependencyInjection;

/// <summary>
/// Where all authorizers of a container count for which the host registers no store. It is no registration of a store, which would hide
/// one that the host tries to add.
/// </summary>
internal sealed class DefaultCounters(InMemoryCounterStoreOptions? options = null)
{
    public InMemoryCounterStore Store { get; } = new(options);
}
