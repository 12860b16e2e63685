using PolicyLayer.Counters;

namespace PolicyLayer.Tests;

/// <summary>A small store: one lock, one dictionary. It never drops a counter, so it is full after a time. README.md quotes it.</summary>
public sealed class DictionaryCounterStore(int maxCounters = 100_000) : ICounterStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<CounterKey, CounterWindow> _counters = [];

    public ValueTask<CounterReservation> ReserveAsync(CounterRequest request, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            CounterDemand[] demands = [.. Enumerable.Range(0, request.Count).Select(i => request[i])];
            CounterWindow[] windows = [.. demands.Select(d => _counters.GetValueOrDefault(d.Key) ?? new CounterWindow(d.Key.Definition))];
            Array.ForEach(windows, window => window.MoveTo(request.UnixMilliseconds));
            (CounterDemand Demand, CounterWindow Window)[] refusing =
                [.. demands.Zip(windows).Where(x => !x.Second.Fits(x.First.AmountMillionths, x.First.MaxMillionths))];
            if (refusing.Length > 0)
            {
                long[] waits = [.. refusing.Select(
                    x => x.Window.RetryAfterMilliseconds(x.Demand.AmountMillionths, x.Demand.MaxMillionths, request.UnixMilliseconds))];
                return new(CounterReservation.Refused([.. windows.Select(w => w.UsedMillionths)], waits.Contains(0) ? 0 : waits.Max()));
            }

            if (_counters.Count > maxCounters - demands.Length)
            {
                return new(CounterReservation.AtCapacity());
            }

            for (int i = 0; i < windows.Length; i++)
            {
                windows[i].Charge(demands[i].AmountMillionths);
                _counters[demands[i].Key] = windows[i];
            }

            return new(CounterReservation.Admitted(state: windows.Select(w => w.LatestUnixMilliseconds).ToArray()));
        }
    }

    public ValueTask ReleaseAsync(CounterRelease release, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            var chargedAt = (long[])release.Reservation.State!;
            for (int i = 0; i < chargedAt.Length; i++)
            {
                _counters.GetValueOrDefault(release.Request[i].Key)?.Release(release.Request[i].AmountMillionths, chargedAt[i]);
            }
        }

        return ValueTask.CompletedTask;
    }
}
