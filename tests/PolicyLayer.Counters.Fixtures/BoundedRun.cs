using PolicyLayer.Counters;
using PolicyLayer.Testing;

namespace PolicyLayer.Tests;

/// <summary>A store is at capacity exactly when its live counters fill a bound, whatever expires or is given back meanwhile.</summary>
public static class BoundedRun
{
    public const int Most = 7;
    public const int MostOfGrant = 4;
    private const int Steps = 300;

    private static readonly CounterDefinition[] Plain =
    [
        CaseStore.Definition("a", CounterScope.Session, 1),
        CaseStore.Definition("b", CounterScope.Session, 3, CounterAlgorithm.Sliding),
        CaseStore.Definition("c", CounterScope.Session, 60, CounterAlgorithm.Sliding),
        CaseStore.Definition("d", CounterScope.Policy, 2),
    ];

    private static readonly CounterDefinition[] OfValues =
    [
        CaseStore.Definition("e", CounterScope.Policy, 2, isPartitioned: true),
        CaseStore.Definition("f", CounterScope.Policy, 5, CounterAlgorithm.Recent, isPartitioned: true),
        CaseStore.Definition("a", CounterScope.Session, 1, isPartitioned: true),
        CaseStore.Definition("g", CounterScope.Grant, 3, CounterAlgorithm.Sliding, isPartitioned: true),
    ];

    /// <summary>Runs on a new store with the bounds of <see cref="Most"/> and <see cref="MostOfGrant"/>.</summary>
    public static void Run(ICounterStore store, int seed) => Run(store, seed, [.. Plain, .. OfValues], Most, releases: true);

    /// <summary>The same for a store that bounds only the counters of values, and keeps what was given back until it would have expired.</summary>
    public static void RunOfValues(ICounterStore store, int seed) => Run(store, seed, OfValues, int.MaxValue, releases: false);

    private static void Run(ICounterStore store, int seed, CounterDefinition[] definitions, int most, bool releases)
    {
        var random = new Random(seed);
        var live = new Dictionary<CounterKey, Counter>();
        var admitted = new List<(CounterRequest Request, CounterReservation Reservation, DateTimeOffset At)>();
        long now = CaseStores.Start;
        for (int i = 0; i < Steps; i++)
        {
            now += random.Next(4) == 0 ? random.Next(1_500) : random.Next(20);
            DateTimeOffset time = DateTimeOffset.FromUnixTimeMilliseconds(now);
            foreach (CounterKey expired in live.Where(x => x.Value.Window.Expires <= time).Select(x => x.Key).ToArray())
            {
                live.Remove(expired);
            }

            if (releases && admitted.Count > 0 && random.Next(3) == 0)
            {
                (CounterRequest request, CounterReservation reservation, DateTimeOffset at) = admitted[^1];
                admitted.RemoveAt(admitted.Count - 1);
                store.ReleaseAsync(new CounterRelease(request, reservation)).AsTask().GetAwaiter().GetResult();
                live.GetValueOrDefault(request[0].Key)?.Window.Release(request[0].AmountMillionths, at);
            }
            else
            {
                CaseLimit limit = new(definitions[random.Next(definitions.Length)], 3 * CounterDemand.Unit, Value: $"v{random.Next(3)}");
                CounterRequest request = CaseStore.Request([limit], null, $"g{random.Next(3)}", $"s{random.Next(4)}", now);
                CounterReservation look = store.ReserveAsync(CaseStore.LookOf(request)).AsTask().GetAwaiter().GetResult();
                CounterReservation reservation = store.ReserveAsync(request).AsTask().GetAwaiter().GetResult();
                Assert.Equal((reservation.Status, reservation.RetryAfter), (look.Status, look.RetryAfter));
                Assert.Equal(Expected(live, request, most), reservation.Status);
                if (reservation.Status == CounterReservationStatus.Admitted)
                {
                    admitted.Add((request, reservation, time));
                }
            }
        }
    }

    private static CounterReservationStatus Expected(Dictionary<CounterKey, Counter> live, in CounterRequest request, int most)
    {
        CounterDemand demand = request[0];
        if (!live.TryGetValue(demand.Key, out Counter? counter))
        {
            bool isHeld = demand.Key.Definition is not { Scope: CounterScope.Policy, IsPartitioned: false };
            string? holder = isHeld ? request.GrantId : null;
            if (live.Count == most || (isHeld && live.Values.Count(other => other.Holder == holder) == MostOfGrant))
            {
                return CounterReservationStatus.AtCapacity;
            }

            live.Add(demand.Key, counter = new Counter(new CounterWindow(demand.Key.Definition), holder));
        }

        counter.Window.MoveTo(request.Time);
        if (!counter.Window.Fits(demand.AmountMillionths, demand.MaxMillionths))
        {
            return CounterReservationStatus.Refused;
        }

        counter.Window.Charge(demand.AmountMillionths);
        return CounterReservationStatus.Admitted;
    }

    /// <summary>A live counter, and the grant that it counts for.</summary>
    private sealed record Counter(CounterWindow Window, string? Holder);
}
