using PolicyLayer.Counters;
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

    /// <summary>Requires of a store of ours that a charge says what it left: the kit lets one say nothing.</summary>
    public static async Task RequireSaysUsedAsync(CounterStoreHarness harness)
    {
        await using var stores = new CaseStores(harness, "says-used", CancellationToken.None);
        CaseStore store = await stores.OpenAsync();
        foreach (int count in (int[])[1, 3])
        {
            CaseLimit[] limits =
                [.. Enumerable.Range(0, count).Select(i => new CaseLimit(CaseStore.Definition($"{count}-{i}"), 9_000_000))];
            CounterRequest request = CaseStore.Request(limits);
            CounterReservation silent = await store.AdmitAsync(request);
            CounterReservation said = await store.AdmitAsync(request with { WantsUsed = true });
            CounterReservation look = await store.AdmitAsync(CaseStore.LookOf(request) with { WantsUsed = true });
            Promises.Require(!silent.SaysUsed, "A charge says what nobody asked.");
            Promises.Require(said.SaysUsed && look.SaysUsed, "A charge or a look doesn't say what the counters hold.");
            for (int i = 0; i < count; i++)
            {
                Promises.Require(said.GetUsedMillionths(i) == 2_000_000, "A charge says something else than what it left.");
                Promises.Require(look.GetUsedMillionths(i) == 2_000_000, "A look that wants to know what is used charges.");
            }
        }
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
