using PolicyLayer.Counters;
using static PolicyLayer.Testing.CaseStore;
using static PolicyLayer.Testing.Promises;

namespace PolicyLayer.Testing;

/// <summary>Asking without charging.</summary>
internal static class LookCases
{
    private const long Unit = CounterDemand.Unit;
    private const string NothingSpent =
        "A look gets the answer that a charge would get, and changes nothing that a later request could see.";
    private static readonly CounterAlgorithm[] Algorithms = [CounterAlgorithm.Fixed, CounterAlgorithm.Sliding];

    public static void AddTo(CaseList cases)
    {
        cases.Add("look_spends_nothing", NothingSpent, SpendsNothing);
        cases.Add("look_gives_nothing_back", "A release of a look gives nothing back.", GivesNothingBack);
        cases.Add("look_moves_no_clock", NothingSpent, MovesNoClock, CounterStoreCapabilities.RequestTime);
        cases.Add("look_makes_no_counter", NothingSpent, MakesNoCounter, CounterStoreCapabilities.Bounded);
        cases.Add(
            "look_counts_what_a_charge_would_revive",
            NothingSpent,
            CountsRevived,
            CounterStoreCapabilities.Bounded | CounterStoreCapabilities.RequestTime);
    }

    private static async Task SpendsNothing(CaseStores stores)
    {
        const int Max = 3;
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        foreach (CounterAlgorithm algorithm in Algorithms)
        {
            CaseLimit[] limits =
            [
                new(Definition("grant", algorithm: algorithm), Max * Unit),
                new(Definition("session", CounterScope.Session, algorithm: algorithm), 9 * Unit),
                new(Definition("policy", CounterScope.Policy, algorithm: algorithm), 9 * Unit),
            ];
            CounterRequest charge = Request(limits);
            for (int fill = 0; fill <= Max; fill++)
            {
                int admitted = await store.CountAdmittedAsync(LookOf(charge), attempts: 5).ConfigureAwait(false);
                Require(admitted == (fill < Max ? 5 : 0), $"{admitted} of 5 looks were admitted on a counter that holds {fill} of {Max}.");
                foreach (CaseLimit limit in limits)
                {
                    await store.RequireUsedAsync(fill * Unit, limit.Definition).ConfigureAwait(false);
                }

                if (fill < Max)
                {
                    await store.AdmitAsync(charge, "A charge after looks").ConfigureAwait(false);
                }
            }

            CounterReservation refusal = await store.RefuseAsync(LookOf(charge)).ConfigureAwait(false);
            for (int i = 0; i < limits.Length; i++)
            {
                Require(refusal.GetUsedMillionths(i) == Max * Unit, "A refused look doesn't say what the counters hold.");
            }

            Require(refusal.RetryAfter > TimeSpan.Zero, "A refused look doesn't say when to try again.");
        }
    }

    private static async Task GivesNothingBack(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        foreach (CounterAlgorithm algorithm in Algorithms)
        {
            CounterDefinition counter = Definition("kept", algorithm: algorithm);
            CounterRequest charge = Request(counter, 3 * Unit);
            await store.AdmitAsync(charge).ConfigureAwait(false);
            CounterReservation look = await store.AdmitAsync(LookOf(charge)).ConfigureAwait(false);
            await store.ReleaseAsync(LookOf(charge), look).ConfigureAwait(false);
            await store.RequireUsedAsync(Unit, counter).ConfigureAwait(false);
        }
    }

    private static async Task MovesNoClock(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync().ConfigureAwait(false);
        foreach (CounterAlgorithm algorithm in Algorithms)
        {
            CounterDefinition counter = Definition("still", windowSeconds: 60, algorithm: algorithm);
            long at = CaseStores.Start + (algorithm == CounterAlgorithm.Fixed ? 0 : 600_000);
            long ahead = at + 315_576_000_000;
            CounterRequest charge = Request(counter, Unit, at);
            CounterRequest look = LookOf(Request(counter, Unit, ahead));
            await store.AdmitAsync(look, "A look ahead, at a counter that doesn't exist").ConfigureAwait(false);
            await store.AdmitAsync(charge).ConfigureAwait(false);
            await store.AdmitAsync(look, "A look ahead, at a counter that is full now").ConfigureAwait(false);
            await store.RefuseAsync(LookOf(Request(counter, 0, ahead)), "A look ahead that doesn't fit").ConfigureAwait(false);
            long wait = WaitOf(await store.RefuseAsync(charge, "A call on a counter that was looked at ahead").ConfigureAwait(false));
            Require(wait is > 0 and <= 61_000, "It asks for another wait than the one that is left of the window.");
            await store.AdmitAsync(Request(counter, Unit, at + wait), "A call at the moment named").ConfigureAwait(false);
        }
    }

    private static async Task MakesNoCounter(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync(maxCounters: 3, maxCountersPerGrant: 2).ConfigureAwait(false);
        CaseLimit grant = new(Definition("grant"), 9 * Unit);
        CaseLimit session = new(Definition("session", CounterScope.Session), Unit);
        for (int i = 0; i < 5; i++)
        {
            CounterRequest request = Request([grant, session], grantId: $"looked-{i}", sessionId: $"s-{i}");
            await store.AdmitAsync(LookOf(request), "A look that needs two counters, with room for three").ConfigureAwait(false);
        }

        await store.AdmitAsync(Request([grant, session])).ConfigureAwait(false);
        await RequireAsync(
            store, Request([grant, session], sessionId: "another"), CounterReservationStatus.AtCapacity, 1).ConfigureAwait(false);
        await RequireAsync(store, Request([grant, session], grantId: "h"), CounterReservationStatus.AtCapacity, null).ConfigureAwait(false);
        await RequireAsync(store, Request([grant], grantId: "h"), CounterReservationStatus.Admitted).ConfigureAwait(false);
        await RequireAsync(store, Request([grant], grantId: "i"), CounterReservationStatus.AtCapacity).ConfigureAwait(false);
        await RequireAsync(store, Request([grant, session]), CounterReservationStatus.Refused).ConfigureAwait(false);
        CaseLimit[] three = [grant, session, new(Definition("third"), Unit)];
        await RequireAsync(store, Request(three, grantId: "j"), CounterReservationStatus.AtCapacity, null).ConfigureAwait(false);
    }

    /// <summary>A counter that has expired makes room for others, but not when the request itself needs it.</summary>
    private static async Task CountsRevived(CaseStores stores)
    {
        CaseStore store = await stores.OpenAsync(maxCounters: 4, maxCountersPerGrant: 2).ConfigureAwait(false);
        CaseLimit expired = new(Definition("expired", CounterScope.Session, windowSeconds: 60), Unit);
        CaseLimit lasting = new(Definition("lasting", CounterScope.Session), 9 * Unit);
        CaseLimit added = new(Definition("new", CounterScope.Session), Unit);
        long later = CaseStores.Start + 120_000;
        foreach (string grant in (string[])["g", "h"])
        {
            await store.AdmitAsync(Request([expired, lasting], grantId: grant)).ConfigureAwait(false);
        }

        await RequireAsync(
            store, Request([expired, lasting, added], at: later), CounterReservationStatus.AtCapacity, null).ConfigureAwait(false);
        await RequireAsync(store, Request([expired, lasting], at: later), CounterReservationStatus.Admitted).ConfigureAwait(false);
        await RequireAsync(
            store, Request([lasting, added], grantId: "h", at: later), CounterReservationStatus.Admitted).ConfigureAwait(false);
        await RequireAsync(store, Request([expired], grantId: "h", at: later), CounterReservationStatus.AtCapacity).ConfigureAwait(false);
    }

    /// <param name="store">The store.</param>
    /// <param name="request">The charge.</param>
    /// <param name="status">How it and its look must be answered.</param>
    /// <param name="index">Which demand needs the counter that is too many; null where several do.</param>
    private static async Task RequireAsync(CaseStore store, CounterRequest request, CounterReservationStatus status, int? index = 0)
    {
        foreach (CounterRequest asked in (CounterRequest[])[LookOf(request), request])
        {
            CounterReservation answer = await store.ReserveAsync(asked).ConfigureAwait(false);
            Require(
                answer.Status == status && answer.CapacityIndex == (index ?? answer.CapacityIndex),
                $"A {asked.Mode} was answered with {answer.Status} for demand {answer.CapacityIndex}, not with {status} for {index}.");
        }
    }
}
