using PolicyLayer.Counters;
using static PolicyLayer.Testing.CaseStore;
using static PolicyLayer.Testing.Promises;

namespace PolicyLayer.Testing;

/// <summary>What a look says of the counters that it asks, whether it is admitted or refused.</summary>
internal static class StandingCases
{
    private const long Unit = CounterDemand.Unit;
    private const string SaysAll =
        "A look says what each counter holds at its time, in the order of the demands, whether it is admitted or refused.";

    private static readonly CounterAlgorithm[] Algorithms =
        [CounterAlgorithm.Fixed, CounterAlgorithm.Sliding, CounterAlgorithm.Recent];

    public static void AddTo(CaseList cases)
    {
        cases.Add("look_says_what_is_used", SaysAll, SaysUsed);
        cases.Add("look_says_what_a_single_counter_holds", SaysAll, SaysOfOne);
        cases.Add("look_says_what_values_hold", SaysAll, SaysOfValues);
        cases.Add("look_says_what_a_minimum_finds", SaysAll, SaysOfMinima);
        cases.Add("look_says_nothing_of_what_has_ended", SaysAll, NothingEnded, CounterStoreCapabilities.RequestTime);
    }

    private static async Task SaysUsed(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        foreach (CounterAlgorithm algorithm in Algorithms)
        {
            CaseLimit[] limits =
            [
                new(Definition("session", CounterScope.Session, algorithm: algorithm), 9 * Unit),
                new(Definition("missing", algorithm: algorithm), 9 * Unit),
                new(Definition("policy", CounterScope.Policy, algorithm: algorithm), 9 * Unit),
                new(Definition("grant", algorithm: algorithm), 9 * Unit),
            ];
            await RequireAsync(store, limits, [0, 0, 0, 0]).ConfigureAwait(false);
            await store.AdmitAsync(Request(limits, [3 * Unit, 0, 1_500_000, 1])).ConfigureAwait(false);
            await RequireAsync(store, limits, [3 * Unit, 0, 1_500_000, 1]).ConfigureAwait(false);
            CounterRequest more = Request([limits[3], limits[0]], [600_001, Unit]);
            CounterReservation charged = await store.AdmitAsync(more).ConfigureAwait(false);
            await RequireAsync(store, limits, [4 * Unit, 0, 1_500_000, 600_002]).ConfigureAwait(false);
            await store.ReleaseAsync(more, charged).ConfigureAwait(false);
            await RequireAsync(store, limits, [3 * Unit, 0, 1_500_000, 1]).ConfigureAwait(false);
        }
    }

    private static async Task SaysOfOne(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        foreach (CounterAlgorithm algorithm in Algorithms)
        {
            CaseLimit[] limits = [new(Definition("one", algorithm: algorithm), 2 * Unit)];
            await RequireAsync(store, limits, [0]).ConfigureAwait(false);
            await store.AdmitAsync(Request(limits)).ConfigureAwait(false);
            await RequireAsync(store, limits, [Unit]).ConfigureAwait(false);
        }
    }

    private static async Task SaysOfValues(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        foreach (CounterScope scope in (CounterScope[])[CounterScope.Grant, CounterScope.Session, CounterScope.Policy])
        {
            CounterDefinition values = Definition("of", scope, isPartitioned: true);
            CaseLimit[] limits =
            [
                new(values, 9 * Unit, Value: "a"),
                new(values, 9 * Unit, Value: "missing"),
                new(Definition("of", scope), 9 * Unit),
                new(values, 9 * Unit, Value: "b"),
            ];
            await store.AdmitAsync(Request(limits, [Unit, 0, 2 * Unit, 3 * Unit])).ConfigureAwait(false);
            await RequireAsync(store, limits, [Unit, 0, 2 * Unit, 3 * Unit]).ConfigureAwait(false);
        }
    }

    private static async Task SaysOfMinima(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        foreach (CounterAlgorithm algorithm in Algorithms)
        {
            CaseLimit asked = new(
                Definition("asked", algorithm: algorithm, kind: CounterKind.Mark), CounterDemand.Largest, MinMillionths: Unit);
            CaseLimit beside = new(Definition("beside", algorithm: algorithm), 9 * Unit);
            CounterRequest look = LookOf(Request([asked, beside], [0, Unit]));
            await store.AdmitAsync(Request([beside])).ConfigureAwait(false);
            RequireSays(await store.RefuseAsync(look, "A look that asks for what isn't there").ConfigureAwait(false), [0, Unit]);
            await store.AdmitAsync(Request([asked with { MinMillionths = 0 }], [2 * Unit])).ConfigureAwait(false);
            RequireSays(await store.AdmitAsync(look, "A look that asks for what is there").ConfigureAwait(false), [2 * Unit, Unit]);
        }
    }

    private static async Task NothingEnded(CaseStores stores)
    {
        const long Hour = 3_600_000;
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        long hour = CaseStores.Start - (CaseStores.Start % Hour);
        foreach (CounterAlgorithm algorithm in Algorithms)
        {
            hour += 3 * Hour;
            CaseLimit[] limits =
            [
                new(Definition("short", windowSeconds: 60, algorithm: algorithm), 9 * Unit),
                new(Definition("long", windowSeconds: 3_600, algorithm: algorithm), 9 * Unit),
            ];
            await store.AdmitAsync(Request(limits, [Unit, 2 * Unit], at: hour)).ConfigureAwait(false);
            await RequireAsync(store, limits, [0, 2 * Unit], hour + 61_000).ConfigureAwait(false);
            await store.AdmitAsync(Request([limits[0]], [3 * Unit], at: hour + 62_000)).ConfigureAwait(false);
            await RequireAsync(store, limits, [3 * Unit, 2 * Unit], hour + 62_500).ConfigureAwait(false);
            await RequireAsync(store, limits, [0, 0], hour + (2 * Hour)).ConfigureAwait(false);
            await RequireAsync(store, limits, [3 * Unit, 2 * Unit], hour + 62_900).ConfigureAwait(false);
        }
    }

    /// <summary>Requires that a look that fits and one that doesn't say the same.</summary>
    private static async Task RequireAsync(CaseStore store, CaseLimit[] limits, long[] used, long? at = null)
    {
        CounterReservation fits = await store.AdmitAsync(LookOf(Request(limits, at: at)), "A look that fits").ConfigureAwait(false);
        RequireSays(fits, used);
        CaseLimit[] full = [.. limits[..^1], limits[^1] with { MaxMillionths = 0 }];
        CounterReservation refused = await store.RefuseAsync(LookOf(Request(full, at: at)), "A look without room").ConfigureAwait(false);
        RequireSays(refused, used);
    }

    private static void RequireSays(CounterReservation look, long[] used)
    {
        long[] said = [.. used.Select((_, i) => look.GetUsedMillionths(i))];
        Require(
            said.AsSpan().SequenceEqual(used),
            $"A look that is {look.Status} says {string.Join(", ", said)} where the counters hold {string.Join(", ", used)}.");
    }
}
