namespace PolicyLayer.Counters;

/// <summary>The counters of one grant, under one lock: a call of several limits takes it once.</summary>
internal sealed class CounterBook
{
    private readonly Lock _lock = new();
    private readonly Dictionary<CounterKey, Counter> _counters = [];

    public CounterReservation Reserve(in CounterRequest request)
    {
        lock (_lock)
        {
            long now = request.UnixMilliseconds;
            bool isRefused = false;
            long retryAfter = 0;
            for (int i = 0; i < request.Count; i++)
            {
                CounterDemand demand = request[i];
                Counter counter = GetOrAdd(demand.Key);
                now = Math.Max(now, counter.MoveTo(now));
            }

            for (int i = 0; i < request.Count; i++)
            {
                CounterDemand demand = request[i];
                Counter counter = _counters[demand.Key];
                counter.MoveTo(now);
                if (counter.Used > demand.MaxMillionths - demand.AmountMillionths)
                {
                    isRefused = true;
                    retryAfter = Math.Max(retryAfter, counter.RetryAfter());
                }
            }

            if (isRefused)
            {
                return Refuse(request, retryAfter);
            }

            for (int i = 0; i < request.Count; i++)
            {
                CounterDemand demand = request[i];
                _counters[demand.Key].Charge(demand.AmountMillionths);
            }

            return CounterReservation.Admitted(now);
        }
    }

    public void Release(in CounterRelease release)
    {
        lock (_lock)
        {
            for (int i = 0; i < release.Request.Count; i++)
            {
                CounterDemand demand = release.Request[i];
                if (_counters.TryGetValue(demand.Key, out Counter? counter))
                {
                    counter.Release(demand.AmountMillionths, release.Reservation.Stamp);
                }
            }
        }
    }

    private Counter GetOrAdd(CounterKey key)
    {
        if (!_counters.TryGetValue(key, out Counter? counter))
        {
            counter = new Counter(key.Definition.WindowSeconds);
            _counters.Add(key, counter);
        }

        return counter;
    }

    private CounterReservation Refuse(in CounterRequest request, long retryAfter)
    {
        if (request.Count == 1)
        {
            return CounterReservation.Refused(_counters[request[0].Key].Used, retryAfter);
        }

        var used = new long[request.Count];
        for (int i = 0; i < used.Length; i++)
        {
            used[i] = _counters[request[i].Key].Used;
        }

        return CounterReservation.Refused(used, retryAfter);
    }
}
