using PolicyLayer.Counters;
using static PolicyLayer.Testing.CaseStore;
using static PolicyLayer.Testing.Promises;

namespace PolicyLayer.Testing;

/// <summary>What a charge says of the counters that it charged, of a store that says it.</summary>
internal static class ChargedCases
{
    private const int Callers = 16;
    private const int CallsEach = 25;
    private const long Unit = CounterDemand.Unit;
    private const string SaysLeft =
        "A charge that is asked for it says what each counter holds after it, in the order of the demands. A store may say it never.";

    private static readonly CounterAlgorithm[] Algorithms =
        [CounterAlgorithm.Fixed, CounterAlgorithm.Sliding, CounterAlgorithm.Recent];

    public static void AddTo(CaseList cases)
    {
        cases.Add("charge_says_what_it_left", SaysLeft, SaysWhatItLeft);
        cases.Add("charge_says_what_a_single_counter_holds", SaysLeft, SaysOfOne);
        cases.Add("charge_says_what_values_hold", SaysLeft, SaysOfValues);
        cases.Add("charge_says_what_a_minimum_found", SaysLeft, SaysOfMinima);
        cases.Add("charge_says_nothing_of_what_has_ended", SaysLeft, NothingEnded, CounterStoreCapabilities.RequestTime);
        cases.Add(
            "charge_that_says_is_given_back_after_the_clock_stepped_back",
            "A charge that says what counters hold is released like any other.",
            IsGivenBack,
            CounterStoreCapabilities.RequestTime);
        cases.Add(
            "charge_says_nothing_that_others_charged_since",
            "What a charge says is of the same atomic step: never what others have charged or given back since.",
            stores => Race(stores, instances: 1));
        cases.Add(
            "charge_says_nothing_that_other_instances_charged_since",
            "What a charge says is of the same atomic step: never what others have charged or given back since.",
            stores => Race(stores, instances: 3),
            CounterStoreCapabilities.Shared);
    }

    private static async Task SaysWhatItLeft(CaseStores stores)
    {
        var store = new Saying(await stores.OpenAsync().ConfigureAwait(false));
        foreach (CounterAlgorithm algorithm in Algorithms)
        {
            CaseLimit[] limits =
            [
                new(Definition("session", CounterScope.Session, algorithm: algorithm), 9 * Unit),
                new(Definition("missing", algorithm: algorithm), 9 * Unit),
                new(Definition("policy", CounterScope.Policy, algorithm: algorithm), 9 * Unit),
                new(Definition("grant", algorithm: algorithm), 9 * Unit),
            ];
            await store.ChargeAsync(Request(limits, [0, 0, 0, 0]), [0, 0, 0, 0]).ConfigureAwait(false);
            await store.ChargeAsync(Request(limits, [3 * Unit, 0, 1_500_000, 1]), [3 * Unit, 0, 1_500_000, 1]).ConfigureAwait(false);
            CounterRequest more = Request([limits[3], limits[0]], [600_001, Unit]);
            CounterReservation charged = await store.ChargeAsync(more, [600_002, 4 * Unit]).ConfigureAwait(false);
            await store.Inner.ReleaseAsync(more, charged).ConfigureAwait(false);
            await store.ChargeAsync(Request(limits, [1, 0, 0, 2]), [(3 * Unit) + 1, 0, 1_500_000, 3]).ConfigureAwait(false);
        }
    }

    private static async Task SaysOfOne(CaseStores stores)
    {
        var store = new Saying(await stores.OpenAsync().ConfigureAwait(false));
        foreach (CounterAlgorithm algorithm in Algorithms)
        {
            CounterRequest request = Request(Definition("one", algorithm: algorithm), 2 * Unit);
            await store.ChargeAsync(request, [Unit]).ConfigureAwait(false);
            CounterReservation charged = await store.ChargeAsync(request, [2 * Unit]).ConfigureAwait(false);
            await store.Inner.RefuseAsync(request, "A charge without room that wants to know what is used").ConfigureAwait(false);
            await store.Inner.ReleaseAsync(request, charged).ConfigureAwait(false);
            await store.ChargeAsync(request, [2 * Unit]).ConfigureAwait(false);
        }
    }

    private static async Task SaysOfValues(CaseStores stores)
    {
        var store = new Saying(await stores.OpenAsync().ConfigureAwait(false));
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
            long[] amounts = [Unit, 0, 2 * Unit, 3 * Unit];
            await store.ChargeAsync(Request(limits, amounts), amounts).ConfigureAwait(false);
            await store.ChargeAsync(Request(limits, amounts), [2 * Unit, 0, 4 * Unit, 6 * Unit]).ConfigureAwait(false);
        }
    }

    private static async Task SaysOfMinima(CaseStores stores)
    {
        var store = new Saying(await stores.OpenAsync().ConfigureAwait(false));
        foreach (CounterAlgorithm algorithm in Algorithms)
        {
            CounterDefinition mark = Definition("mark", algorithm: algorithm, kind: CounterKind.Mark);
            CaseLimit beside = new(Definition("beside", algorithm: algorithm), 9 * Unit);
            await store.ChargeAsync(Request([new(mark, CounterDemand.Largest)]), [Unit]).ConfigureAwait(false);
            CaseLimit asked = new(mark, CounterDemand.Largest, MinMillionths: Unit);
            await store.ChargeAsync(Request([asked, beside], [0, Unit]), [Unit, Unit]).ConfigureAwait(false);
            await store.ChargeAsync(Request([beside, asked], [2, 3]), [Unit + 2, Unit + 3]).ConfigureAwait(false);
        }
    }

    private static async Task NothingEnded(CaseStores stores)
    {
        const long Hour = 3_600_000;
        var store = new Saying(await stores.OpenAsync().ConfigureAwait(false));
        long hour = CaseStores.Start - (CaseStores.Start % Hour);
        foreach (CounterAlgorithm algorithm in Algorithms)
        {
            hour += 3 * Hour;
            CaseLimit[] limits =
            [
                new(Definition("short", windowSeconds: 60, algorithm: algorithm), 9 * Unit),
                new(Definition("long", windowSeconds: 3_600, algorithm: algorithm), 9 * Unit),
            ];
            long[] amounts = [Unit, 2 * Unit];
            await store.ChargeAsync(Request(limits, amounts, at: hour), [Unit, 2 * Unit]).ConfigureAwait(false);
            await store.ChargeAsync(Request(limits, amounts, at: hour + 61_000), [Unit, 4 * Unit]).ConfigureAwait(false);
            await store.ChargeAsync(Request(limits, amounts, at: hour + 62_000), [2 * Unit, 6 * Unit]).ConfigureAwait(false);
            await store.ChargeAsync(Request(limits, amounts, at: hour + (2 * Hour)), [Unit, 2 * Unit]).ConfigureAwait(false);
            CaseLimit[] rolling = [new(Definition("rolling", windowSeconds: 60, algorithm: algorithm), 9 * Unit)];
            await store.ChargeAsync(Request(rolling, at: hour + (2 * Hour)), [Unit]).ConfigureAwait(false);
            await store.ChargeAsync(Request(rolling, at: hour + (2 * Hour) + 30_000), [2 * Unit]).ConfigureAwait(false);
            long rolled = algorithm == CounterAlgorithm.Fixed ? Unit : 2 * Unit;
            await store.ChargeAsync(Request(rolling, at: hour + (2 * Hour) + 75_000), [rolled]).ConfigureAwait(false);
        }
    }

    /// <summary>What a release has to know of two counters that sit at different times stands beside what the charge says.</summary>
    private static async Task IsGivenBack(CaseStores stores)
    {
        var store = new Saying(await stores.OpenAsync().ConfigureAwait(false));
        foreach (CounterAlgorithm algorithm in (CounterAlgorithm[])[CounterAlgorithm.Fixed, CounterAlgorithm.Sliding])
        {
            CaseLimit ahead = new(Definition("ahead", windowSeconds: 60, algorithm: algorithm), 9 * Unit);
            CaseLimit behind = new(Definition("behind", windowSeconds: 60, algorithm: algorithm), 9 * Unit);
            await store.ChargeAsync(Request([ahead], at: CaseStores.Start + 600_000), [Unit]).ConfigureAwait(false);
            CounterRequest both = Request([behind, ahead]);
            CounterReservation charged = await store.ChargeAsync(both, null).ConfigureAwait(false);
            await store.Inner.ReleaseAsync(both, charged).ConfigureAwait(false);
            await store.Inner.RequireUsedAsync(0, behind.Definition).ConfigureAwait(false);
            await store.Inner.RequireUsedAsync(Unit, ahead.Definition).ConfigureAwait(false);
        }
    }

    private static async Task Race(CaseStores stores, int instances)
    {
        var open = new List<CaseStore>();
        for (int i = 0; i < instances; i++)
        {
            open.Add(await stores.OpenAsync().ConfigureAwait(false));
        }

        CaseLimit scarce = new(Definition("scarce", CounterScope.Policy), 100 * Unit);
        CaseLimit plain = new(Definition("plain"), 1_000 * Unit);
        CounterRequest request = Request([plain, scarce]) with { WantsUsed = true };
        CounterReservation[][] answers = await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(
            () => AskAsync(open[caller % instances], request), stores.CancellationToken))).ConfigureAwait(false);
        CounterReservation[] charges =
            [.. answers.SelectMany(all => all).Where(answer => answer.Status == CounterReservationStatus.Admitted)];
        if (!Array.Exists(charges, charge => charge.SaysUsed))
        {
            return;
        }

        foreach (int index in (int[])[0, 1])
        {
            long[] said = [.. charges.Select(charge => charge.GetUsedMillionths(index)).Order()];
            Require(
                said.AsSpan().SequenceEqual([.. Enumerable.Range(1, said.Length).Select(count => count * Unit)]),
                "Of concurrent charges of one unit, each is to say a number of its own from 1 on.");
        }
    }

    private static async Task<CounterReservation[]> AskAsync(CaseStore store, CounterRequest request)
    {
        var answers = new CounterReservation[CallsEach];
        for (int i = 0; i < answers.Length; i++)
        {
            answers[i] = await store.ReserveAsync(request).ConfigureAwait(false);
        }

        return answers;
    }

    /// <summary>A store that says what counters hold always or never.</summary>
    private sealed class Saying(CaseStore store)
    {
        private bool? _says;

        public CaseStore Inner => store;

        /// <summary>Requires that a charge says what it left, or all that are asked say nothing.</summary>
        /// <param name="request">The request.</param>
        /// <param name="left">What the counters hold after it; null where a store has a choice.</param>
        public async Task<CounterReservation> ChargeAsync(CounterRequest request, long[]? left)
        {
            CounterReservation charge = await store.AdmitAsync(request with { WantsUsed = true }).ConfigureAwait(false);
            Require((_says ??= charge.SaysUsed) == charge.SaysUsed, "Some charges say what the counters hold, and some don't.");
            if (charge.SaysUsed && left is not null)
            {
                long[] said = [.. left.Select((_, i) => charge.GetUsedMillionths(i))];
                Require(
                    said.AsSpan().SequenceEqual(left),
                    $"A charge says {string.Join(", ", said)} where it left {string.Join(", ", left)}.");
            }

            return charge;
        }
    }
}
