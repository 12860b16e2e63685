using PolicyLayer.Counters;
using static PolicyLayer.Testing.CaseStore;
using static PolicyLayer.Testing.Promises;

namespace PolicyLayer.Testing;

/// <summary>What a counter must hold before a call, and what is recent.</summary>
internal static class MinimumCases
{
    private const long Unit = CounterDemand.Unit;
    private const string Before = "A request is admitted only if every counter holds the minimum before the charge.";
    private const string NotTooOld =
        "A charge of the recent kind counts at most for the window's length, and at least for 59 sixtieths of it.";

    private static readonly CounterAlgorithm[] Algorithms =
        [CounterAlgorithm.Fixed, CounterAlgorithm.Sliding, CounterAlgorithm.Recent];

    public static void AddTo(CaseList cases)
    {
        cases.Add("minimum_before_the_charge", Before, BeforeTheCharge);
        cases.Add("minimum_and_maximum_together", Before, MinimumAndMaximum);
        cases.Add("minimum_has_no_wait", "What a minimum refuses has no wait, whatever the other demands ask.", NoWait);
        cases.Add("minimum_after_a_release", Before, AfterRelease);
        cases.Add(
            "amount_zero_makes_no_counter", "A demand of amount 0 makes no counter.", ZeroMakesNone, CounterStoreCapabilities.Bounded);
        cases.Add("recent_counts_no_longer_than_its_window", NotTooOld, NotLonger, CounterStoreCapabilities.RequestTime);
        cases.Add("recent_counts_long_enough", NotTooOld, LongEnough, CounterStoreCapabilities.RequestTime);
        cases.Add("recent_is_given_back", "A release returns what was charged.", RecentGivenBack);
    }

    private static async Task BeforeTheCharge(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        foreach (CounterAlgorithm algorithm in Algorithms)
        {
            CounterDefinition counter = Definition("done", algorithm: algorithm, kind: CounterKind.Mark);
            CounterRequest asked = Asking(counter, amount: 0);
            await RefuseAsync(store, asked, "A call that asks for one, of a counter that doesn't exist").ConfigureAwait(false);
            await RefuseAsync(store, Asking(counter, Unit), "A call that asks for what only itself would add").ConfigureAwait(false);
            await store.AdmitAsync(Request(counter, 9 * Unit, amount: Unit - 1)).ConfigureAwait(false);
            await RefuseAsync(store, asked, "A call that asks for a millionth more").ConfigureAwait(false);
            await store.AdmitAsync(Request(counter, 9 * Unit, amount: 1)).ConfigureAwait(false);
            await store.AdmitAsync(LookOf(asked), "A look that asks for what is there").ConfigureAwait(false);
            for (int i = 0; i < 3; i++)
            {
                await store.AdmitAsync(asked, "A call that asks for what is there").ConfigureAwait(false);
            }

            await store.RequireUsedAsync(Unit, counter).ConfigureAwait(false);
        }
    }

    private static async Task MinimumAndMaximum(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        foreach (CounterAlgorithm algorithm in Algorithms)
        {
            CounterDefinition counter = Definition("between", algorithm: algorithm);
            CounterRequest asked = Request([new(counter, 3 * Unit, 2 * Unit)]);
            await store.AdmitAsync(Request(counter, 9 * Unit)).ConfigureAwait(false);
            await RefuseAsync(store, asked, "A call below the minimum").ConfigureAwait(false);
            await store.AdmitAsync(Request(counter, 9 * Unit)).ConfigureAwait(false);
            await store.AdmitAsync(asked, "A call at the minimum, with room").ConfigureAwait(false);
            CounterReservation refusal = await store.RefuseAsync(asked, "A call without room").ConfigureAwait(false);
            Require(WaitOf(refusal) > 0, "It doesn't say when there will be room, though the minimum is met.");
            CaseLimit other = new(Definition("other", algorithm: algorithm), 9 * Unit, Unit);
            CounterRequest pair = Request([new(counter, 9 * Unit, 3 * Unit), other]);
            refusal = await store.RefuseAsync(pair, "A call of which one demand is below its minimum").ConfigureAwait(false);
            Require(refusal.GetUsedMillionths(0) == 3 * Unit, "It doesn't say what the counters hold.");
            await store.RequireUsedAsync(3 * Unit, counter).ConfigureAwait(false);
        }
    }

    private static async Task NoWait(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        CaseLimit full = new(Definition("full"), Unit);
        await store.AdmitAsync(Request([full])).ConfigureAwait(false);
        CaseLimit[] limits = [full, new(Definition("missing"), 9 * Unit, Unit)];
        CounterReservation refusal = await store.RefuseAsync(Request(limits)).ConfigureAwait(false);
        Require(WaitOf(refusal) == 0, "It names a time though one of the minima isn't met.");
        refusal = await store.RefuseAsync(LookOf(Request([limits[1], full]))).ConfigureAwait(false);
        Require(WaitOf(refusal) == 0, "A look names a time though one of the minima isn't met.");
        Require(WaitOf(await store.RefuseAsync(Request([full])).ConfigureAwait(false)) > 0, "It names no time for what only needs room.");
    }

    private static async Task AfterRelease(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        foreach (CounterAlgorithm algorithm in Algorithms)
        {
            CounterDefinition counter = Definition("taken-back", algorithm: algorithm);
            CounterRequest charge = Request(counter, 9 * Unit);
            CounterReservation reservation = await store.AdmitAsync(charge).ConfigureAwait(false);
            CounterRequest asked = Asking(counter, amount: 0);
            CounterReservation look = await store.AdmitAsync(asked).ConfigureAwait(false);
            await store.ReleaseAsync(asked, look).ConfigureAwait(false);
            await store.AdmitAsync(asked, "A call that asks for what is there").ConfigureAwait(false);
            await store.ReleaseAsync(charge, reservation).ConfigureAwait(false);
            await RefuseAsync(store, asked, "A call that asks for what was given back").ConfigureAwait(false);
        }
    }

    private static async Task ZeroMakesNone(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync(maxCounters: 2).ConfigureAwait(false);
        CaseLimit[] limits = [new(Definition("asked"), Unit), new(Definition("charged"), 9 * Unit)];
        for (int i = 0; i < 5; i++)
        {
            CounterRequest request = Request(limits, [0, 0], grantId: $"asked-{i}");
            await store.AdmitAsync(request, "A call that charges nothing").ConfigureAwait(false);
        }

        await store.AdmitAsync(Request(limits, [0, Unit]), "A call that makes one counter").ConfigureAwait(false);
        await store.AdmitAsync(Request(limits, [0, Unit], grantId: "h"), "A call that makes another one").ConfigureAwait(false);
        CounterReservation full = await store.ReserveAsync(Request(limits, [0, Unit], grantId: "i")).ConfigureAwait(false);
        Require(full is { Status: CounterReservationStatus.AtCapacity, CapacityIndex: 1 }, "It has room for a counter too many.");
        await store.AdmitAsync(Request(limits, [0, 0], grantId: "i"), "A call that makes none, at the bound").ConfigureAwait(false);
    }

    private static async Task NotLonger(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        long at = CaseStores.Start;
        foreach (int seconds in WindowCases.Lengths)
        {
            CounterDefinition counter = Definition("old", windowSeconds: seconds, algorithm: CounterAlgorithm.Recent);
            long length = seconds * 1_000L;
            foreach (int offset in (int[])[0, 1, 16, 999, 12_345])
            {
                at += (length * 3) + offset;
                await store.AdmitAsync(Request(counter, Unit, at)).ConfigureAwait(false);
                await store.RequireUsedAsync(0, counter, at: at + length).ConfigureAwait(false);
                await RefuseAsync(
                    store, Asking(counter, amount: 0, at + length), "A call that asks for what is a window old").ConfigureAwait(false);
            }
        }
    }

    private static async Task LongEnough(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        long at = CaseStores.Start;
        foreach (int seconds in WindowCases.Lengths)
        {
            CounterDefinition counter = Definition("young", windowSeconds: seconds, algorithm: CounterAlgorithm.Recent);
            foreach (int offset in (int[])[0, 1, 16, 999, 12_345])
            {
                at += (seconds * 3_000L) + offset;
                await store.AdmitAsync(Request(counter, Unit, at)).ConfigureAwait(false);
                long young = at + (seconds * 59_000L / 60) - 1;
                await store.AdmitAsync(
                    Asking(counter, amount: 0, young), "A call that asks for what is younger than 59 sixtieths").ConfigureAwait(false);
                await store.RefuseAsync(Request(counter, Unit, young), "A call that a young charge leaves no room").ConfigureAwait(false);
            }
        }
    }

    private static async Task RecentGivenBack(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        CounterDefinition counter = Definition("recent", CounterScope.Session, algorithm: CounterAlgorithm.Recent);
        CounterRequest request = Request(counter, 3 * Unit, amount: 2 * Unit);
        CounterReservation reservation = await store.AdmitAsync(request).ConfigureAwait(false);
        await store.RefuseAsync(request).ConfigureAwait(false);
        await store.ReleaseAsync(request, reservation).ConfigureAwait(false);
        await store.RequireUsedAsync(0, counter).ConfigureAwait(false);
    }

    /// <summary>A request for one unit, at least, before it adds an amount.</summary>
    private static CounterRequest Asking(CounterDefinition counter, long amount, long? at = null) =>
        Request([new CaseLimit(counter, 9 * Unit, Unit)], [amount], at: at);

    /// <summary>A look is answered alike, and neither names a wait.</summary>
    private static async Task RefuseAsync(CaseStore store, CounterRequest request, string what)
    {
        foreach (CounterRequest asked in (CounterRequest[])[LookOf(request), request])
        {
            CounterReservation refusal = await store.RefuseAsync(asked, what).ConfigureAwait(false);
            Require(WaitOf(refusal) == 0, "It names a time for what no waiting helps.");
        }
    }
}
