using PolicyLayer.Counters;

namespace PolicyLayer.Tests;

/// <summary>
/// A small store: one lock, one dictionary. It never drops a counter, so it is full after a time, and it bounds no grant: one that invents
/// values of <c>per</c> fills it for all. README.md quotes it.
/// </summary>
public sealed class DictionaryCounterStore(int maxCounters = 100_000) : ICounterStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<CounterKey, CounterWindow> _counters = [];

    public ValueTask<CounterReservation> ReserveAsync(CounterRequest request, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            List<CounterWindow> windows = [];
            foreach (CounterDemand demand in request)
            {
                windows.Add(_counters.GetValueOrDefault(demand.Key) ?? new CounterWindow(demand.Key.Definition));
            }

            if (!CounterArithmetic.Fits(request, [.. windows], out CounterReservation refusal))
            {
                return new(refusal);
            }

            for (int i = 0; i < request.Count; i++)
            {
                bool isNew = request[i].AmountMillionths > 0 && !_counters.ContainsKey(request[i].Key);
                if (isNew && _counters.Count > maxCounters - request.Count)
                {
                    return new(CounterReservation.AtCapacity(i));
                }
            }

            for (int i = 0; i < request.Count && request.Mode == CounterRequestMode.Charge; i++)
            {
                if (request[i].AmountMillionths > 0)
                {
                    _counters[request[i].Key] = windows[i];
                }
            }

            return new(CounterArithmetic.Admit(request, [.. windows]));
        }
    }

    public ValueTask ReleaseAsync(CounterRelease release, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            for (int i = 0; i < release.Request.Count; i++)
            {
                if (_counters.TryGetValue(release.Request[i].Key, out CounterWindow? window))
                {
                    CounterArithmetic.Release(release, i, window);
                }
            }
        }

        return ValueTask.CompletedTask;
    }
}
