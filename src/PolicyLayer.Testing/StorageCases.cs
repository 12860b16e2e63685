using PolicyLayer.Counters;
using static PolicyLayer.Testing.CaseStore;
using static PolicyLayer.Testing.Promises;

namespace PolicyLayer.Testing;

/// <summary>What survives a restart, and what a store holds at most.</summary>
internal static class StorageCases
{
    private const long Unit = CounterDemand.Unit;
    private const string NoEviction = "A live counter is never dropped to make room; the call that needs one more is refused.";

    public static void AddTo(CaseList cases)
    {
        cases.Add("survives_a_restart", "A durable store keeps what it charged.", Survives, CounterStoreCapabilities.Durable);
        cases.Add(
            "release_over_a_restart", "A durable store's reservation can be given back after a restart.", ReleaseOverRestart,
            CounterStoreCapabilities.Durable);
        cases.Add("bounded_in_all", NoEviction, BoundedInAll, CounterStoreCapabilities.Bounded);
        cases.Add("bounded_for_one_grant", NoEviction, BoundedForGrant, CounterStoreCapabilities.Bounded);
        cases.Add(
            "expired_counters_make_room",
            "Expired counters don't count against the bound.",
            ExpiredMakeRoom,
            CounterStoreCapabilities.Bounded | CounterStoreCapabilities.RequestTime);
        cases.Add(
            "expired_counters_make_room_among_live_ones",
            "Expired counters don't count against the bound.",
            ExpiredAmongLive,
            CounterStoreCapabilities.Bounded | CounterStoreCapabilities.RequestTime);
    }

    private static async Task Survives(CaseStores stores)
    {
        CounterDefinition[] counters =
        [
            Definition("fixed"),
            Definition("sliding", algorithm: CounterAlgorithm.Sliding),
            Definition("session", CounterScope.Session),
            Definition("policy", CounterScope.Policy),
        ];
        CounterRequest request = Request([.. counters.Select(c => new CaseLimit(c, 3 * Unit))], [1, 2, 3 * Unit, Unit]);
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        await store.AdmitAsync(request).ConfigureAwait(false);
        await stores.CloseAsync().ConfigureAwait(false);
        store = await stores.OpenAsync().ConfigureAwait(false);
        long[] expected = [1, 2, 3 * Unit, Unit];
        for (int i = 0; i < counters.Length; i++)
        {
            await store.RequireUsedAsync(expected[i], counters[i]).ConfigureAwait(false);
        }
    }

    private static async Task ReleaseOverRestart(CaseStores stores)
    {
        CounterDefinition counter = Definition("kept");
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        await store.AdmitAsync(Request(counter, 3 * Unit)).ConfigureAwait(false);
        CounterReservation reservation = await store.AdmitAsync(Request(counter, 3 * Unit)).ConfigureAwait(false);
        await stores.CloseAsync().ConfigureAwait(false);
        store = await stores.OpenAsync().ConfigureAwait(false);
        await store.ReleaseAsync(Request(counter, 3 * Unit), reservation).ConfigureAwait(false);
        await store.RequireUsedAsync(Unit, counter).ConfigureAwait(false);
    }

    private static async Task BoundedInAll(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync(maxCounters: 8).ConfigureAwait(false);
        CounterDefinition counter = Definition("one");
        for (int i = 0; i < 8; i++)
        {
            await store.AdmitAsync(Request(counter, Unit, grantId: $"grant-{i}")).ConfigureAwait(false);
        }

        await RequireAtCapacityAsync(store, Request(counter, Unit, grantId: "grant-8")).ConfigureAwait(false);
        await RequireAtCapacityAsync(store, Request(Definition("all", CounterScope.Policy), Unit)).ConfigureAwait(false);
        for (int i = 0; i < 8; i++)
        {
            await store.RefuseAsync(Request(counter, Unit, grantId: $"grant-{i}"), "A call on a live, full counter").ConfigureAwait(false);
        }
    }

    private static async Task BoundedForGrant(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync(maxCountersPerGrant: 4).ConfigureAwait(false);
        CaseLimit session = new(Definition("session", CounterScope.Session), Unit);
        CaseLimit grant = new(Definition("grant"), 9 * Unit);
        for (int i = 0; i < 3; i++)
        {
            await store.AdmitAsync(Request([grant, session], sessionId: $"s-{i}")).ConfigureAwait(false);
        }

        await RequireAtCapacityAsync(store, Request([grant, session], sessionId: "s-3"), index: 1).ConfigureAwait(false);
        await store.RequireUsedAsync(3 * Unit, grant.Definition).ConfigureAwait(false);
        for (int i = 0; i < 3; i++)
        {
            await store.RefuseAsync(Request([session], sessionId: $"s-{i}"), "A call on a live, full counter").ConfigureAwait(false);
        }

        await store.AdmitAsync(Request([grant, session], grantId: "h"), "A call of another grant").ConfigureAwait(false);
        CaseLimit policy = new(Definition("policy", CounterScope.Policy), Unit);
        await store.AdmitAsync(Request([policy]), "A call on a counter that isn't the grant's own").ConfigureAwait(false);
    }

    private static async Task ExpiredMakeRoom(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync(maxCounters: 6, maxCountersPerGrant: 4).ConfigureAwait(false);
        CounterDefinition minute = Definition("minute", CounterScope.Session, windowSeconds: 60);
        CounterDefinition sliding = Definition("sliding", windowSeconds: 60, algorithm: CounterAlgorithm.Sliding);
        for (int i = 0; i < 4; i++)
        {
            await store.AdmitAsync(Request([new(minute, Unit)], sessionId: $"s-{i}")).ConfigureAwait(false);
        }

        await store.AdmitAsync(Request(sliding, Unit, grantId: "h")).ConfigureAwait(false);
        await store.AdmitAsync(Request(sliding, Unit, grantId: "i")).ConfigureAwait(false);
        await RequireAtCapacityAsync(store, Request(sliding, Unit, grantId: "j")).ConfigureAwait(false);
        long later = CaseStores.Start + 62_000;
        for (int i = 0; i < 6; i++)
        {
            await store.AdmitAsync(
                Request(sliding, Unit, later, grantId: $"later-{i}"), "A call when all have expired").ConfigureAwait(false);
        }

        await RequireAtCapacityAsync(store, Request(sliding, Unit, later, grantId: "later-6")).ConfigureAwait(false);
    }

    /// <summary>A store that looks at a few counters only would find none that has expired.</summary>
    private static async Task ExpiredAmongLive(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync(maxCounters: 400, maxCountersPerGrant: 200).ConfigureAwait(false);
        CounterDefinition lasting = Definition("lasting", CounterScope.Session);
        CounterDefinition brief = Definition("brief", CounterScope.Session, windowSeconds: 60);
        const long Later = 60_000;
        Task<CounterReservation> Admit(CounterDefinition counter, string grant, int session, long at) => store.AdmitAsync(
            Request([new(counter, Unit)], grantId: grant, sessionId: $"s-{session}", at: CaseStores.Start + at), "A call that has room");
        for (int i = 0; i < 200; i++)
        {
            await Admit(i is 3 or 150 or 190 ? brief : lasting, "g", i, at: 0).ConfigureAwait(false);
            await Admit(i is 5 or 199 ? brief : lasting, $"h-{i}", i, at: 0).ConfigureAwait(false);
        }

        for (int i = 200; i < 205; i++)
        {
            await Admit(lasting, i < 203 ? "g" : "new", i, Later).ConfigureAwait(false);
        }

        foreach (string grant in (string[])["g", "new"])
        {
            CounterRequest request = Request([new(lasting, Unit)], grantId: grant, sessionId: "s-205", at: CaseStores.Start + Later);
            await RequireAtCapacityAsync(store, request).ConfigureAwait(false);
        }
    }

    private static async Task RequireAtCapacityAsync(CaseStore store, CounterRequest request, int index = 0)
    {
        CounterReservation reservation = await store.ReserveAsync(request).ConfigureAwait(false);
        Require(
            reservation.Status == CounterReservationStatus.AtCapacity,
            $"A call that needs a counter more than the bound was answered with {reservation.Status}.");
        Require(reservation.CapacityIndex == index, "It doesn't say which demand needs the counter.");
    }
}
