using PolicyLayer.Counters;
using static PolicyLayer.Testing.CaseStore;
using static PolicyLayer.Testing.Promises;

namespace PolicyLayer.Testing;

/// <summary>Many callers at once, on one instance and on several.</summary>
internal static class ConcurrencyCases
{
    private const int Callers = 16;
    private const int CallsEach = 25;
    private const long Unit = CounterDemand.Unit;

    public static void AddTo(CaseList cases)
    {
        cases.Add(
            "atomic_among_callers", "A request is one atomic step, however many callers there are.", stores => Race(stores, instances: 1));
        cases.Add(
            "marks_and_maxima_of_zero_among_callers",
            "Of two calls of which each marks what the other asks to be unmarked, never both are admitted.",
            stores => Exclude(stores, instances: 1));
        cases.Add(
            "marks_and_maxima_of_zero_among_instances",
            "Of two calls of which each marks what the other asks to be unmarked, never both are admitted.",
            stores => Exclude(stores, instances: 2),
            CounterStoreCapabilities.Shared);
        cases.Add("release_among_callers", "Releases and reservations at the same time lose nothing.", Balance);
        cases.Add(
            "atomic_among_instances",
            "Instances that share a storage count together, exactly.",
            stores => Race(stores, instances: 3),
            CounterStoreCapabilities.Shared);
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

        // Half of the callers name the counters the other way round: a store that locks in that order would stop.
        CaseLimit[][] orders = [[scarce, plain], [plain, scarce]];
        int[] admitted = await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(
            () => open[caller % instances].CountAdmittedAsync(Request(orders[caller % 2]), CallsEach),
            stores.CancellationToken))).ConfigureAwait(false);
        Require(
            admitted.Sum() == 100,
            $"{admitted.Sum()} of {Callers * CallsEach} concurrent calls were admitted where there is room for 100.");
        foreach (CaseStore store in open)
        {
            await store.RequireUsedAsync(100 * Unit, scarce.Definition).ConfigureAwait(false);
            await store.RequireUsedAsync(100 * Unit, plain.Definition).ConfigureAwait(false);
        }
    }

    private static async Task Exclude(CaseStores stores, int instances)
    {
        var open = new List<CaseStore>();
        for (int i = 0; i < instances; i++)
        {
            open.Add(await stores.OpenAsync().ConfigureAwait(false));
        }

        for (int round = 0; round < CallsEach; round++)
        {
            CounterDefinition Mark(string tool) =>
                Definition($"{tool}-{round}", CounterScope.Session, algorithm: CounterAlgorithm.Sliding, kind: CounterKind.Mark);
            CounterRequest Call(string own, string other) => Request(
                [new CaseLimit(Mark(own), CounterDemand.Largest), new CaseLimit(Mark(other), 0)], [Unit, 0]);
            CounterRequest[] calls = [Call("a", "b"), Call("b", "a")];
            CounterReservation[] answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(caller => Task.Run(
                () => open[caller % instances].ReserveAsync(calls[caller % 2]).AsTask(), stores.CancellationToken))).ConfigureAwait(false);
            int first = answers.Where((_, caller) => caller % 2 == 0).Count(a => a.Status == CounterReservationStatus.Admitted);
            int second = answers.Where((_, caller) => caller % 2 == 1).Count(a => a.Status == CounterReservationStatus.Admitted);
            Require((first, second) is (2, 0) or (0, 1), $"{first} calls of one kind and {second} of the other were admitted.");
        }
    }

    private static async Task Balance(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        CounterDefinition fixedCounter = Definition("fixed");
        CounterDefinition sliding = Definition("sliding", algorithm: CounterAlgorithm.Sliding);
        CounterRequest request = Request([new(fixedCounter, 4 * Unit), new(sliding, 4 * Unit)]);
        int[] most = await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(
            async () =>
            {
                int admitted = 0;
                for (int i = 0; i < CallsEach; i++)
                {
                    CounterReservation reservation = await store.ReserveAsync(request).ConfigureAwait(false);
                    if (reservation.Status == CounterReservationStatus.Admitted)
                    {
                        admitted++;
                        await store.ReleaseAsync(request, reservation).ConfigureAwait(false);
                    }
                }

                return admitted;
            },
            stores.CancellationToken))).ConfigureAwait(false);
        Require(most.Sum() > 0, "Nothing was admitted.");
        await store.RequireUsedAsync(0, fixedCounter).ConfigureAwait(false);
        await store.RequireUsedAsync(0, sliding).ConfigureAwait(false);
    }
}
