using PolicyLayer.Counters;

namespace PolicyLayer.Sqlite;

/// <summary>One reservation, inside its transaction.</summary>
internal sealed class SqliteReservation(SqliteCounterFile file, CounterRequest request, SqliteCounterStoreOptions options)
{
    private readonly CounterDemand[] _demands = new CounterDemand[request.Count];
    private readonly string[] _keys = new string[request.Count];
    private readonly CounterWindow?[] _windows = new CounterWindow?[request.Count];

    public CounterReservation Run()
    {
        bool fits = true;
        for (int i = 0; i < _demands.Length; i++)
        {
            _demands[i] = request[i];
            _keys[i] = _demands[i].Key.ToString();
            _windows[i] = file.Find(_demands[i].Key, _keys[i]);
            _windows[i]?.MoveTo(request.UnixMilliseconds);
            fits &= Used(i) <= _demands[i].MaxMillionths - _demands[i].AmountMillionths;
        }

        return !fits ? Refuse() : AddMissing() is { } full ? full : Charge();
    }

    private long Used(int index) => _windows[index]?.UsedMillionths ?? 0;

    private CounterReservation Refuse()
    {
        var used = new long[_demands.Length];
        long retryAfter = 0;
        bool canEverFit = true;
        for (int i = 0; i < used.Length; i++)
        {
            used[i] = Used(i);
            (long amount, long max) = (_demands[i].AmountMillionths, _demands[i].MaxMillionths);
            canEverFit &= amount <= max;
            if (_windows[i] is { } window && !window.Fits(amount, max))
            {
                retryAfter = Math.Max(retryAfter, window.RetryAfterMilliseconds(amount, max, request.UnixMilliseconds));
            }
        }

        return CounterReservation.Refused(used, canEverFit ? retryAfter : 0);
    }

    /// <summary>Makes the counters that don't exist yet, or says which is one too many.</summary>
    private CounterReservation? AddMissing()
    {
        int ofGrant = 0;
        int first = -1;
        int firstOfGrant = -1;
        int missing = 0;
        for (int i = 0; i < _demands.Length; i++)
        {
            if (_windows[i] is null && _demands[i].AmountMillionths > 0)
            {
                first = missing++ == 0 ? i : first;
                if (_demands[i].Key.GrantId is not null)
                {
                    firstOfGrant = ofGrant++ == 0 ? i : firstOfGrant;
                }
            }
        }

        if (missing == 0)
        {
            return null;
        }

        SaveFound();
        long now = request.UnixMilliseconds;
        file.DropExpired(now);
        string? grant = ofGrant > 0 ? SqliteCounterFile.GrantOf(_demands[firstOfGrant].Key, _keys[firstOfGrant]) : null;
        if (grant is not null && file.Count(grant) > options.MaxCountersPerGrant - ofGrant)
        {
            file.DropExpired(now, grant);
            if (file.Count(grant) > options.MaxCountersPerGrant - ofGrant)
            {
                return CounterReservation.AtCapacity(firstOfGrant);
            }
        }

        if (file.Count(grant: null) > options.MaxCounters - missing)
        {
            return CounterReservation.AtCapacity(first);
        }

        long floor = file.Floor();
        for (int i = 0; i < _demands.Length; i++)
        {
            if (_windows[i] is null && _demands[i].AmountMillionths > 0)
            {
                _windows[i] = new CounterWindow(_demands[i].Key.Definition, floor);
                _windows[i]!.MoveTo(now);
            }
        }

        return null;
    }

    /// <summary>What was found may have expired before it was moved to this time: the clean-up must see that it lives.</summary>
    private void SaveFound()
    {
        for (int i = 0; i < _demands.Length; i++)
        {
            if (_windows[i] is { } window)
            {
                file.Save(_demands[i].Key, _keys[i], window);
            }
        }
    }

    private CounterReservation Charge()
    {
        var times = new long[_demands.Length];
        for (int i = 0; i < times.Length; i++)
        {
            times[i] = request.UnixMilliseconds;
            if (_windows[i] is { } window && _demands[i].AmountMillionths > 0)
            {
                window.Charge(_demands[i].AmountMillionths);
                file.Save(_demands[i].Key, _keys[i], window);
                times[i] = window.LatestUnixMilliseconds;
            }
        }

        return CounterReservation.Admitted(request.UnixMilliseconds, times);
    }
}
