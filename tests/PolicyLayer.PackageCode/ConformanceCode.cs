using PolicyLayer.Counters;
using PolicyLayer.Testing;

namespace PolicyLayer.Tests.Packages;

/// <summary>What the README of PolicyLayer.Testing shows.</summary>
internal static class ConformanceCode
{
    public static async Task RunAsync()
    {
        foreach (var promise in CounterStoreConformance.Cases(new Harness()))
        {
            await promise.RunAsync();
            Console.WriteLine($"kept: {promise.Name}");
        }
    }

    private sealed class Harness : CounterStoreHarness
    {
        public override CounterStoreCapabilities Capabilities => CounterStoreCapabilities.RequestTime;

        public override ValueTask<ICounterStore> OpenAsync(CounterStoreOpening opening, CancellationToken cancellationToken) =>
            new(new InMemoryCounterStore());
    }
}
