using PolicyLayer.Counters;
using static PolicyLayer.Testing.CaseStore;
using static PolicyLayer.Testing.Promises;

namespace PolicyLayer.Testing;

/// <summary>A counter for each value, and how many of them one grant may hold.</summary>
internal static class PartitionCases
{
    private const long Unit = CounterDemand.Unit;
    private const int Many = 100;
    private const string OneEach = "Each value has a counter of its own, apart from the plain one of that name.";
    private const string Bound = "Counters for values count for the grant that made them, whatever their scope.";

    private static readonly CounterScope[] Scopes = [CounterScope.Grant, CounterScope.Session, CounterScope.Policy];

    public static void AddTo(CaseList cases)
    {
        const CounterStoreCapabilities Bounded = CounterStoreCapabilities.BoundedForValues;
        cases.Add("values_have_counters_of_their_own", OneEach, Apart);
        cases.Add("values_are_given_back_to_their_own", OneEach, GivenBack);
        cases.Add("bounded_for_values", Bound, BoundedForValues, Bounded);
        cases.Add("bounded_for_values_of_one_request", Bound, BoundedForRequest, Bounded);
        cases.Add("values_of_the_policy_count_for_their_maker", Bound, ForTheirMaker, Bounded);
        cases.Add(
            "expired_values_make_room", "Expired counters don't count against the bound.", ExpiredMakeRoom,
            Bounded | CounterStoreCapabilities.RequestTime);
        cases.Add(
            "expired_values_make_room_for_many", "Expired counters don't count against the bound.",
            stores => ManyMakeRoom(stores, null, Many), Bounded | CounterStoreCapabilities.RequestTime);
        cases.Add(
            "expired_counters_make_room_for_many", "Expired counters don't count against the bound.",
            stores => ManyMakeRoom(stores, Many, null), CounterStoreCapabilities.Bounded | CounterStoreCapabilities.RequestTime);
        cases.Add(
            "expired_values_count_for_who_makes_them_again", Bound, CountForTheNextMaker, Bounded | CounterStoreCapabilities.RequestTime);
    }

    private static async Task Apart(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        foreach (CounterScope scope in Scopes)
        {
            foreach (CounterKind kind in (CounterKind[])[CounterKind.Limit, CounterKind.Mark])
            {
                CounterDefinition values = Definition("apart", scope, kind: kind, isPartitioned: true);
                CaseLimit[] limits =
                    [new(values, Unit, Value: "a"), new(values, Unit, Value: "b"), new(Definition("apart", scope, kind: kind), Unit)];
                foreach (CaseLimit limit in limits)
                {
                    await store.AdmitAsync(Request([limit]), "The first call on a counter of its own").ConfigureAwait(false);
                    await store.RefuseAsync(Request([limit]), "The second call on a counter of its own").ConfigureAwait(false);
                }

                CounterRequest fromElsewhere = Request([limits[0]], grantId: "another", sessionId: "another");
                CounterReservation answer = await store.ReserveAsync(fromElsewhere).ConfigureAwait(false);
                Require(
                    answer.Status == (scope == CounterScope.Policy ? CounterReservationStatus.Refused : CounterReservationStatus.Admitted),
                    "The value's counter isn't the one of its scope.");
            }
        }
    }

    private static async Task GivenBack(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        foreach (CounterScope scope in Scopes)
        {
            CounterDefinition values = Definition("back", scope, algorithm: CounterAlgorithm.Sliding, isPartitioned: true);
            CounterRequest both = Request([new(values, 3 * Unit, Value: "a"), new(values, 3 * Unit, Value: "b")], [Unit, 2 * Unit]);
            CounterRequest one = Request([new(values, 3 * Unit, Value: "b")]);
            CounterReservation reservation = await store.AdmitAsync(both).ConfigureAwait(false);
            await store.AdmitAsync(one).ConfigureAwait(false);
            await store.ReleaseAsync(both, reservation).ConfigureAwait(false);
            await store.RequireUsedAsync(0, values, value: "a").ConfigureAwait(false);
            await store.RequireUsedAsync(Unit, values, value: "b").ConfigureAwait(false);
        }
    }

    private static async Task BoundedForValues(CaseStores stores)
    {
        foreach (CounterScope scope in Scopes)
        {
            CaseStore store = await stores.OpenAsync(maxCountersPerGrant: 3).ConfigureAwait(false);
            string grant = string.Concat("holder-", scope.ToString());
            CounterDefinition values = Definition("held", scope, isPartitioned: true);
            CaseLimit all = new(Definition("all", CounterScope.Policy), 99 * Unit);
            CounterRequest Call(string value, string grantId) => Request([all, new(values, Unit, Value: value)], grantId: grantId);
            for (int i = 0; i < 3; i++)
            {
                await store.AdmitAsync(LookOf(Call($"v{i}", grant)), "A look that has room").ConfigureAwait(false);
                await store.AdmitAsync(Call($"v{i}", grant), "A call that has room").ConfigureAwait(false);
            }

            long used = await store.UsedAsync(all.Definition).ConfigureAwait(false);
            await RequireAtCapacityAsync(store, Call("v3", grant), index: 1).ConfigureAwait(false);
            await store.RequireUsedAsync(used, all.Definition).ConfigureAwait(false);
            for (int i = 0; i < 3; i++)
            {
                await store.RefuseAsync(Call($"v{i}", grant), "A call on a live, full counter").ConfigureAwait(false);
            }

            await store.AdmitAsync(Call("v3", grant + "-2"), "A call of another grant").ConfigureAwait(false);
            await store.AdmitAsync(
                Request([new(values, Unit, Value: "v5")], [0], grant), "A call of amount 0, which needs no counter").ConfigureAwait(false);
            await stores.CloseAsync().ConfigureAwait(false);
        }
    }

    private static async Task BoundedForRequest(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync(maxCountersPerGrant: 3).ConfigureAwait(false);
        CounterDefinition values = Definition("several", isPartitioned: true);
        CaseLimit Of(string value) => new(values, 9 * Unit, Value: value);
        await RequireAtCapacityAsync(store, Request([Of("a"), Of("b"), Of("c"), Of("d")]), index: null).ConfigureAwait(false);
        await store.AdmitAsync(Request([Of("a"), Of("b")])).ConfigureAwait(false);
        await RequireAtCapacityAsync(store, Request([Of("a"), Of("c"), Of("d")]), index: null).ConfigureAwait(false);
        await store.RequireUsedAsync(Unit, values, value: "a").ConfigureAwait(false);
        CounterRequest one = Request([Of("a"), Of("c"), Of("d")], [Unit, Unit, 0]);
        await store.AdmitAsync(one, "A call that makes one counter").ConfigureAwait(false);
        await RequireAtCapacityAsync(store, Request([Of("d")]), index: 0).ConfigureAwait(false);
    }

    private static async Task ForTheirMaker(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync(maxCountersPerGrant: 2).ConfigureAwait(false);
        CounterDefinition values = Definition("shared", CounterScope.Policy, algorithm: CounterAlgorithm.Sliding, isPartitioned: true);
        CounterRequest Call(string value, string grant) => Request([new(values, 9 * Unit, Value: value)], grantId: grant);
        foreach (string value in (string[])["a", "b"])
        {
            await store.AdmitAsync(Call(value, "maker")).ConfigureAwait(false);
        }

        foreach (string value in (string[])["a", "c", "b", "d", "a"])
        {
            await store.AdmitAsync(
                Call(value, "user"), "A call on a counter that another grant made, or with room for one").ConfigureAwait(false);
        }

        await RequireAtCapacityAsync(store, Call("e", "user"), index: 0).ConfigureAwait(false);
        await RequireAtCapacityAsync(store, Call("e", "maker"), index: 0).ConfigureAwait(false);
        await store.AdmitAsync(Call("c", "maker"), "A call on a counter that another grant made").ConfigureAwait(false);
        await store.RequireUsedAsync(3 * Unit, values, value: "a").ConfigureAwait(false);
    }

    private static async Task ExpiredMakeRoom(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync(maxCountersPerGrant: 2).ConfigureAwait(false);
        long at = CaseStores.Start;
        foreach (CounterScope scope in Scopes)
        {
            foreach (CounterAlgorithm algorithm in (CounterAlgorithm[])[CounterAlgorithm.Fixed, CounterAlgorithm.Recent])
            {
                CounterDefinition values = Definition("brief", scope, 60, algorithm, isPartitioned: true);
                CounterRequest Call(string value, long time) => Request([new(values, 9 * Unit, Value: value)], at: time);
                for (int round = 0; round < 20; round++)
                {
                    at += 120_000;
                    await store.AdmitAsync(Call($"a{round}", at), "A call when all have expired").ConfigureAwait(false);
                    await store.AdmitAsync(Call($"b{round}", at + 1), "A call when all but one have expired").ConfigureAwait(false);
                    await RequireAtCapacityAsync(store, Call($"c{round}", at + 2), index: 0).ConfigureAwait(false);
                    await store.AdmitAsync(Call($"a{round}", at + 3), "A call on a live counter").ConfigureAwait(false);
                }
            }
        }
    }

    /// <summary>A store that drops a few counters at a time must go on.</summary>
    private static async Task ManyMakeRoom(CaseStores stores, int? maxCounters, int? maxCountersPerGrant)
    {
        CaseStore store = await stores.OpenAsync(maxCounters, maxCountersPerGrant).ConfigureAwait(false);
        foreach (CounterScope scope in Scopes)
        {
            long at = CaseStores.Start + ((int)scope * 3_600_000L);
            CounterRequest Call(string value, int count, long after) => Request(
                [.. Enumerable.Range(0, count).Select(i => new CaseLimit(
                    Definition($"many-{i}", scope, 60, isPartitioned: true), 9 * Unit, Value: value))],
                at: at + after);
            await store.AdmitAsync(Call("a", Many, 0)).ConfigureAwait(false);
            await RequireAtCapacityAsync(store, Call("b", 1, 1), index: 0).ConfigureAwait(false);
            await store.AdmitAsync(LookOf(Call("b", Many, 120_000)), "A look when all have expired").ConfigureAwait(false);
            await store.AdmitAsync(Call("b", Many, 120_000), "A call when all have expired").ConfigureAwait(false);
            await RequireAtCapacityAsync(store, Call("c", 1, 120_001), index: 0).ConfigureAwait(false);
        }
    }

    private static async Task CountForTheNextMaker(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync(maxCountersPerGrant: 1).ConfigureAwait(false);
        CounterDefinition values = Definition("again", CounterScope.Policy, 60, isPartitioned: true);
        CounterRequest Call(string value, string grant, long at) =>
            Request([new(values, 9 * Unit, Value: value)], grantId: grant, at: CaseStores.Start + at);
        await store.AdmitAsync(Call("a", "first", at: 0)).ConfigureAwait(false);
        await store.AdmitAsync(Call("a", "second", 120_000), "A call on an expired counter").ConfigureAwait(false);
        await RequireAtCapacityAsync(store, Call("b", "second", 120_001), index: 0).ConfigureAwait(false);
        await store.AdmitAsync(Call("b", "first", 120_002), "A call of the grant whose counter expired").ConfigureAwait(false);
    }

    /// <param name="store">The store.</param>
    /// <param name="request">The charge, whose look is answered alike.</param>
    /// <param name="index">Which demand needs the counter that is too many; null where several do.</param>
    private static async Task RequireAtCapacityAsync(CaseStore store, CounterRequest request, int? index)
    {
        foreach (CounterRequest asked in (CounterRequest[])[LookOf(request), request])
        {
            CounterReservation answer = await store.ReserveAsync(asked).ConfigureAwait(false);
            Require(
                answer.Status == CounterReservationStatus.AtCapacity,
                $"A {asked.Mode} that needs a counter more than the bound was answered with {answer.Status}.");
            Require(answer.CapacityIndex == (index ?? answer.CapacityIndex), "It doesn't say which demand needs the counter.");
        }
    }
}
