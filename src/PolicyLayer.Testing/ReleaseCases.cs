using PolicyLayer.Counters;
using static PolicyLayer.Testing.CaseStore;
using static PolicyLayer.Testing.Promises;

namespace PolicyLayer.Testing;

/// <summary>What a release gives back, and what it may not.</summary>
internal static class ReleaseCases
{
    private const long Unit = CounterDemand.Unit;
    private const string SameWindow = "A release returns amounts to the windows that were charged, never to a newer one.";

    public static void AddTo(CaseList cases)
    {
        cases.Add("release_gives_back", "A release returns what was charged.", GivesBack);
        cases.Add("release_never_below_zero", "A release never brings a counter below zero.", NeverBelowZero);
        cases.Add("release_into_fixed_window", SameWindow, IntoFixedWindow, CounterStoreCapabilities.RequestTime);
        cases.Add("release_into_sliding_window", SameWindow, IntoSlidingWindow, CounterStoreCapabilities.RequestTime);
        cases.Add("release_after_clock_stepped_back", SameWindow, AfterClockSteppedBack, CounterStoreCapabilities.RequestTime);
    }

    private static async Task GivesBack(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        foreach (CounterAlgorithm algorithm in (CounterAlgorithm[])[CounterAlgorithm.Fixed, CounterAlgorithm.Sliding])
        {
            CaseLimit[] limits =
            [
                new(Definition("grant", algorithm: algorithm), 3 * Unit),
                new(Definition("session", CounterScope.Session, algorithm: algorithm), 3 * Unit),
                new(Definition("policy", CounterScope.Policy, algorithm: algorithm), 3 * Unit),
            ];
            CounterRequest request = Request(limits, [3 * Unit, 1, 2_500_000]);
            CounterReservation reservation = await store.AdmitAsync(request).ConfigureAwait(false);
            await store.RefuseAsync(request).ConfigureAwait(false);
            await store.ReleaseAsync(request, reservation).ConfigureAwait(false);
            foreach (CaseLimit limit in limits)
            {
                await store.RequireUsedAsync(0, limit.Definition).ConfigureAwait(false);
            }

            await store.AdmitAsync(request, "A request after the release").ConfigureAwait(false);
        }
    }

    private static async Task NeverBelowZero(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        foreach (CounterAlgorithm algorithm in (CounterAlgorithm[])[CounterAlgorithm.Fixed, CounterAlgorithm.Sliding])
        {
            CounterDefinition counter = Definition("zero", algorithm: algorithm);
            CounterRequest request = Request(counter, 2 * Unit, amount: 2 * Unit);
            CounterReservation reservation = await store.AdmitAsync(request).ConfigureAwait(false);
            await store.ReleaseAsync(request, reservation).ConfigureAwait(false);
            await store.ReleaseAsync(request, reservation).ConfigureAwait(false);
            int admitted = await store.CountAdmittedAsync(Request(counter, 2 * Unit), attempts: 5).ConfigureAwait(false);
            Require(admitted == 2, $"{admitted} calls were admitted where there is room for 2.");
        }
    }

    private static async Task IntoFixedWindow(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        CounterDefinition counter = Definition("fixed", windowSeconds: 60);
        CounterRequest old = Request(counter, 5 * Unit, amount: 3 * Unit);
        CounterReservation reservation = await store.AdmitAsync(old).ConfigureAwait(false);
        long next = CaseStores.Start + 60_000;
        await store.AdmitAsync(Request(counter, 5 * Unit, next, amount: 2 * Unit)).ConfigureAwait(false);
        await store.ReleaseAsync(old, reservation).ConfigureAwait(false);
        await store.RequireUsedAsync(2 * Unit, counter, at: next).ConfigureAwait(false);
    }

    private static async Task IntoSlidingWindow(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        CounterDefinition counter = Definition("sliding", windowSeconds: 60, algorithm: CounterAlgorithm.Sliding);
        CounterRequest first = Request(counter, 9 * Unit, amount: 3 * Unit);
        CounterReservation firstReservation = await store.AdmitAsync(first).ConfigureAwait(false);
        long half = CaseStores.Start + 30_000;
        CounterRequest second = Request(counter, 9 * Unit, half, amount: 4 * Unit);
        CounterReservation secondReservation = await store.AdmitAsync(second).ConfigureAwait(false);
        await store.ReleaseAsync(second, secondReservation).ConfigureAwait(false);
        await store.RequireUsedAsync(3 * Unit, counter, at: half).ConfigureAwait(false);
        long later = CaseStores.Start + 61_000;
        await store.AdmitAsync(Request(counter, 9 * Unit, later, amount: 2 * Unit)).ConfigureAwait(false);
        await store.ReleaseAsync(first, firstReservation).ConfigureAwait(false);
        await store.RequireUsedAsync(2 * Unit, counter, at: later).ConfigureAwait(false);
    }

    private static async Task AfterClockSteppedBack(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        CounterDefinition ahead = Definition("ahead", windowSeconds: 60);
        CounterDefinition behind = Definition("behind", windowSeconds: 60);
        long late = CaseStores.Start + 60_000;
        await store.AdmitAsync(Request(ahead, 9 * Unit, late)).ConfigureAwait(false);
        CounterRequest both = Request([new(ahead, 9 * Unit), new(behind, 9 * Unit)], [2 * Unit, 3 * Unit]);
        CounterReservation reservation = await store.AdmitAsync(both).ConfigureAwait(false);
        await store.ReleaseAsync(both, reservation).ConfigureAwait(false);
        await store.RequireUsedAsync(0, behind).ConfigureAwait(false);
        await store.RequireUsedAsync(Unit, ahead, at: late).ConfigureAwait(false);
    }
}
