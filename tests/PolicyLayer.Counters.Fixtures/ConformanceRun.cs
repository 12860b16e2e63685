using PolicyLayer.Testing;
using PolicyLayer.Testing.Approvals;

namespace PolicyLayer.Tests;

/// <summary>What the kit asks of a store: its cases one by one, and its random run at length.</summary>
public static class ConformanceRun
{
    public static IEnumerable<string> NamesOf(CounterStoreHarness harness) => CounterStoreConformance.Cases(harness).Select(c => c.Name);

    public static Task RunAsync(CounterStoreHarness harness, string name) =>
        CounterStoreConformance.Cases(harness).Single(c => c.Name == name).RunAsync();

    public static async Task AgreeAsync(CounterStoreHarness harness, int steps)
    {
        await using var stores = new CaseStores(harness, "agreement", CancellationToken.None);
        await new RandomRun(stores, seed: 11).RunAsync(steps);
    }

    public static IEnumerable<string> NamesOf(ApprovalStoreHarness harness) => ApprovalStoreConformance.Cases(harness).Select(c => c.Name);

    public static Task RunAsync(ApprovalStoreHarness harness, string name) =>
        ApprovalStoreConformance.Cases(harness).Single(c => c.Name == name).RunAsync();

    public static async Task AgreeAsync(ApprovalStoreHarness harness, int steps)
    {
        await using var stores = new ApprovalStores(harness, "agreement", CancellationToken.None);
        await new RandomApprovalRun(stores, seed: 11).RunAsync(steps);
    }
}
