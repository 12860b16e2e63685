using PolicyLayer.Counters;
using static PolicyLayer.Testing.CaseStore;

namespace PolicyLayer.Testing;

/// <summary>Counters of the recent kind on a clock that was ahead.</summary>
internal static class RecentCases
{
    private const long Unit = CounterDemand.Unit;
    private const long Hour = 3_600_000;
    private const long Day = 24 * Hour;
    private const string ByTheRequest =
        "A counter of the recent kind goes by the time of the request, whatever later time was seen before.";
    private const string OfThoseThatRefuse = "A refusal names the longest wait of the demands that refuse.";
    private const string ForgetsAhead = "A charge makes a counter of the recent kind forget what is ahead of it.";

    public static void AddTo(CaseList cases)
    {
        const CounterStoreCapabilities Needs = CounterStoreCapabilities.RequestTime;
        cases.Add("recent_does_not_count_what_is_ahead", ByTheRequest, NotAhead, Needs);
        cases.Add("recent_after_another_counter_was_ahead", ByTheRequest, OthersAhead, Needs);
        cases.Add("recent_begins_at_its_request_after_clean_up", ByTheRequest, AfterCleanUp, Needs);
        cases.Add("recent_forgets_what_is_ahead_of_a_charge", ForgetsAhead, Forgets, Needs);
        cases.Add("recent_released_after_it_was_forgotten", ForgetsAhead, ReleasedLate, Needs);
        cases.Add(
            "recent_counts_what_callers_charge_a_moment_ahead", "A charge at most a sixtieth of the window ahead counts.", Moment, Needs);
        cases.Add("recent_ahead_asks_for_no_wait", OfThoseThatRefuse, AheadAsksForNoWait, Needs);
        cases.Add("recent_forgotten_asks_for_no_wait", OfThoseThatRefuse, ForgottenAsksForNoWait, Needs);
    }

    /// <summary>Nor do those who only ask make it forget what will count when its time comes.</summary>
    private static async Task NotAhead(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        CounterDefinition counter = Counter("ahead");
        await store.AdmitAsync(Request(counter, 9 * Unit, CaseStores.Start + Day)).ConfigureAwait(false);
        foreach (long at in (long[])[Day - 120_000, 23 * Hour, 1, -Day])
        {
            await RequireAsync(store, counter, 0, CaseStores.Start + at).ConfigureAwait(false);
            await RequireAsync(store, counter, Unit, CaseStores.Start + Day).ConfigureAwait(false);
        }
    }

    private static async Task OthersAhead(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        foreach (CounterAlgorithm algorithm in (CounterAlgorithm[])
            [CounterAlgorithm.Fixed, CounterAlgorithm.Sliding, CounterAlgorithm.Recent])
        {
            CounterDefinition counter = Counter($"beside-{algorithm}");
            CaseLimit other = new(Definition($"other-{algorithm}", windowSeconds: 3_600, algorithm: algorithm), 9 * Unit);
            await store.AdmitAsync(Request([other], at: CaseStores.Start + (30 * Day))).ConfigureAwait(false);
            CounterRequest both = Request([other, new(counter, 9 * Unit)], at: CaseStores.Start);
            CounterReservation reservation = await store.AdmitAsync(both).ConfigureAwait(false);
            await RequireAsync(store, counter, Unit, CaseStores.Start).ConfigureAwait(false);
            await store.AdmitAsync(both).ConfigureAwait(false);
            await store.ReleaseAsync(both, reservation).ConfigureAwait(false);
            await RequireAsync(store, counter, Unit, CaseStores.Start).ConfigureAwait(false);
            await RequireAsync(store, counter, 0, CaseStores.Start + Hour).ConfigureAwait(false);
            await RequireAsync(store, counter, 0, CaseStores.Start + (30 * Day)).ConfigureAwait(false);
        }
    }

    private static async Task AfterCleanUp(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        foreach (CounterAlgorithm algorithm in (CounterAlgorithm[])[CounterAlgorithm.Fixed, CounterAlgorithm.Recent])
        {
            CounterDefinition brief = Definition("brief", windowSeconds: 1, algorithm: algorithm);
            for (int i = 0; i < 100; i++)
            {
                long ahead = CaseStores.Start + (30 * Day) + (i * 5_000);
                await store.AdmitAsync(Request(brief, Unit, ahead, grantId: $"{algorithm}-{i}")).ConfigureAwait(false);
            }

            CounterDefinition counter = Counter($"new-{algorithm}");
            await store.AdmitAsync(Request(counter, 9 * Unit)).ConfigureAwait(false);
            await RequireAsync(store, counter, Unit, CaseStores.Start).ConfigureAwait(false);
            await RequireAsync(store, counter, 0, CaseStores.Start + Hour).ConfigureAwait(false);
            await RequireAsync(store, counter, 0, CaseStores.Start + (29 * Day)).ConfigureAwait(false);
        }
    }

    private static async Task Forgets(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        long at = CaseStores.Start;
        foreach (long ahead in (long[])[120_000, Hour / 2, Hour, 30 * Day])
        {
            CounterDefinition counter = Counter($"forgets-{ahead}");
            await store.AdmitAsync(Request(counter, 9 * Unit, at + ahead)).ConfigureAwait(false);
            await store.AdmitAsync(Request(counter, 9 * Unit, at, amount: 2 * Unit)).ConfigureAwait(false);
            await RequireAsync(store, counter, 2 * Unit, at).ConfigureAwait(false);
            await RequireAsync(store, counter, ahead < Hour ? 2 * Unit : 0, at + ahead).ConfigureAwait(false);
            await RequireAsync(store, counter, 0, at + Hour + ahead - 1).ConfigureAwait(false);
        }
    }

    private static async Task ReleasedLate(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        CounterDefinition counter = Counter("released");
        CounterRequest ahead = Request(counter, 9 * Unit, CaseStores.Start + Day);
        CounterRequest behind = Request(counter, 9 * Unit);
        CounterReservation ofAhead = await store.AdmitAsync(ahead).ConfigureAwait(false);
        CounterReservation ofBehind = await store.AdmitAsync(behind).ConfigureAwait(false);
        await store.ReleaseAsync(ahead, ofAhead).ConfigureAwait(false);
        await RequireAsync(store, counter, Unit, CaseStores.Start).ConfigureAwait(false);
        await store.ReleaseAsync(behind, ofBehind).ConfigureAwait(false);
        await RequireAsync(store, counter, 0, CaseStores.Start).ConfigureAwait(false);
    }

    private static async Task Moment(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        CounterDefinition counter = Counter("apart");
        long at = CaseStores.Start;
        foreach (long ahead in (long[])[1, 16, 30_000, 60_000])
        {
            at += 3 * Hour;
            await store.AdmitAsync(Request(counter, 9 * Unit, at + ahead)).ConfigureAwait(false);
            await RequireAsync(store, counter, Unit, at).ConfigureAwait(false);
            await store.AdmitAsync(Request(counter, 9 * Unit, at)).ConfigureAwait(false);
            await RequireAsync(store, counter, 2 * Unit, at).ConfigureAwait(false);
            await RequireAsync(store, counter, 2 * Unit, at + ahead).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// One counter is full, the recent one has room, but won't when the first has: it doesn't refuse, and so has no say in the wait. From
    /// one sixtieth of the window ahead to two, a store may count the charge, and then it does refuse.
    /// </summary>
    private static async Task AheadAsksForNoWait(CaseStores stores)
    {
        var store = new ModelledStore(await stores.OpenAsync().ConfigureAwait(false), isByRequests: true);
        CounterDefinition full = Definition("full", windowSeconds: 60);
        long at = CaseStores.Start + 999;
        foreach (long ahead in (long[])[1_500, 1_999, 2_000, 30_000])
        {
            at += Hour;
            await store.ReserveAsync(Request(Minute("ahead"), Unit, at + ahead)).ConfigureAwait(false);
            await store.ReserveAsync(Request(full, Unit, at)).ConfigureAwait(false);
            await store.ReserveAsync(BothOf(full, Minute("ahead"), at), looksBefore: true).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// The recent one has room where a store has forgotten the first charge, as it may at the second: the clock steps back to before it.
    /// </summary>
    private static async Task ForgottenAsksForNoWait(CaseStores stores)
    {
        var store = new ModelledStore(await stores.OpenAsync().ConfigureAwait(false), isByRequests: true);
        CounterDefinition full = Definition("full", windowSeconds: 90);
        long at = CaseStores.Start + 999;
        await store.ReserveAsync(Request(Minute("forgotten"), Unit, at)).ConfigureAwait(false);
        await store.ReserveAsync(Request(Minute("forgotten"), 2 * Unit, at + 59_500)).ConfigureAwait(false);
        await store.ReserveAsync(Request(full, Unit, at)).ConfigureAwait(false);
        await store.ReserveAsync(BothOf(full, Minute("forgotten"), at), looksBefore: true).ConfigureAwait(false);
    }

    private static CounterRequest BothOf(CounterDefinition full, CounterDefinition recent, long at) =>
        Request([new CaseLimit(full, Unit), new CaseLimit(recent, Unit)], at: at);

    private static CounterDefinition Minute(string name) => Definition(name, windowSeconds: 60, algorithm: CounterAlgorithm.Recent);

    private static CounterDefinition Counter(string name) =>
        Definition(name, windowSeconds: 3_600, algorithm: CounterAlgorithm.Recent, kind: CounterKind.Mark);

    /// <summary>What a counter holds at a time, by what it says and by the minimum that it meets.</summary>
    private static async Task RequireAsync(CaseStore store, CounterDefinition counter, long held, long at)
    {
        await store.RequireUsedAsync(held, counter, at: at).ConfigureAwait(false);
        foreach (long minimum in (long[])[held, held + 1])
        {
            CounterRequest charge = Request([new CaseLimit(counter, 9 * Unit, minimum)], [0], at: at);
            foreach (CounterRequest request in (CounterRequest[])[LookOf(charge), charge])
            {
                await (minimum > held
                    ? store.RefuseAsync(request, "A request that asks for more than counts at its time")
                    : store.AdmitAsync(request, "A request that asks for what counts at its time")).ConfigureAwait(false);
            }
        }
    }
}
