using PolicyLayer.Testing;

namespace PolicyLayer.Tests;

/// <summary>What the kit asks of a store: its cases one by one, and its random run at length.</summary>
public static class ConformanceRun
{
    public static IEnumerable<string> NamesOf(CounterStoreHarness harness) => CounterStoreConformance.Cases(harness).Select(c => c.Name);

    public static Task RunAsync(CounterStoreHarness harness, string name) =>
        CounterStoreConformance.Cases(harness).Single(c => c.Name == name).RunAsync();

    public static async Task AgreeAsync(CounterStoreHarness harness, int steps)
    {
        var stores = new CaseStores(harness, "agreement", CancellationToken.None);
        try
        {
            await new RandomRun(stores, seed: 11).RunAsync(steps);
        }
        finally
        {
            await stores.CloseAsync();
        }
    }
}
