using PolicyLayer.Counters;
using PolicyLayer.Testing;

namespace PolicyLayer.Tests;

/// <summary>A store is at capacity exactly when its live counters fill a bound, whatever expires or is given back meanwhile.</summary>
public static class BoundedRun
{
    public const int Most = 7;
    public const int MostOfGrant = 4;
    private const int Steps = 300;

    private static readonly CounterDefinition[] Definitions =
    [
        CaseStore.Definition("a", CounterScope.Session, 1),
        CaseStore.Definition("b", CounterScope.Session, 3, CounterAlgorithm.Sliding),
        CaseStore.Definition("c", CounterScope.Session, 60, CounterAlgorithm.Sliding),
        CaseStore.Definition("d", CounterScope.Policy, 2),
    ];

    /// <summary>Runs on a new store with the bounds of <see cref="Most"/> and <see cref="MostOfGrant"/>.</summary>
    public static void Run(ICounterStore store, int seed)
    {
        var random = new Random(seed);
        var live = new Dictionary<CounterKey, CounterWindow>();
        var admitted = new List<(CounterRequest Request, CounterReservation Reservation, DateTimeOffset At)>();
        long now = CaseStores.Start;
        for (int i = 0; i < Steps; i++)
        {
            now += random.Next(4) == 0 ? random.Next(1_500) : random.Next(20);
            DateTimeOffset time = DateTimeOffset.FromUnixTimeMilliseconds(now);
            foreach (CounterKey expired in live.Where(x => x.Value.Expires <= time).Select(x => x.Key).ToArray())
            {
                live.Remove(expired);
            }

            if (admitted.Count > 0 && random.Next(3) == 0)
            {
                (CounterRequest request, CounterReservation reservation, DateTimeOffset at) = admitted[^1];
                admitted.RemoveAt(admitted.Count - 1);
                store.ReleaseAsync(new CounterRelease(request, reservation)).AsTask().GetAwaiter().GetResult();
                live.GetValueOrDefault(request[0].Key)?.Release(request[0].AmountMillionths, at);
            }
            else
            {
                CaseLimit limit = new(Definitions[random.Next(Definitions.Length)], 3 * CounterDemand.Unit);
                CounterRequest request = CaseStore.Request([limit], null, $"g{random.Next(3)}", $"s{random.Next(4)}", now);
                CounterReservation look = store.ReserveAsync(CaseStore.LookOf(request)).AsTask().GetAwaiter().GetResult();
                CounterReservation reservation = store.ReserveAsync(request).AsTask().GetAwaiter().GetResult();
                Assert.Equal((reservation.Status, reservation.RetryAfter), (look.Status, look.RetryAfter));
                Assert.Equal(Expected(live, request[0], time), reservation.Status);
                if (reservation.Status == CounterReservationStatus.Admitted)
                {
                    admitted.Add((request, reservation, time));
                }
            }
        }
    }

    private static CounterReservationStatus Expected(Dictionary<CounterKey, CounterWindow> live, CounterDemand demand, DateTimeOffset time)
    {
        if (!live.TryGetValue(demand.Key, out CounterWindow? window))
        {
            string? grant = demand.Key.GrantId;
            if (live.Count == Most || (grant is not null && live.Keys.Count(key => key.GrantId == grant) == MostOfGrant))
            {
                return CounterReservationStatus.AtCapacity;
            }

            live.Add(demand.Key, window = new CounterWindow(demand.Key.Definition));
        }

        window.MoveTo(time);
        if (!window.Fits(demand.AmountMillionths, demand.MaxMillionths))
        {
            return CounterReservationStatus.Refused;
        }

        window.Charge(demand.AmountMillionths);
        return CounterReservationStatus.Admitted;
    }
}
