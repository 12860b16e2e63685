using PolicyLayer.Counters;

namespace PolicyLayer.Sqlite;

/// <summary>One reservation, inside its transaction. A look does the same in one that is rolled back.</summary>
internal sealed class SqliteReservation(SqliteCounterFile file, CounterRequest request, SqliteCounterStoreOptions options)
{
    private readonly CounterDemand[] _demands = new CounterDemand[request.Count];
    private readonly string[] _keys = new string[request.Count];
    private readonly CounterWindow?[] _windows = new CounterWindow?[request.Count];

    public CounterReservation Run()
    {
        for (int i = 0; i < _demands.Length; i++)
        {
            _demands[i] = request[i];
            _keys[i] = _demands[i].Key.ToString();
            _windows[i] = Find(i);
            _windows[i]?.MoveTo(request.Time);
        }

        if (!CounterArithmetic.Fits(request, _windows, out CounterReservation refusal))
        {
            return refusal;
        }

        return AddMissing() is { } full ? full : Admit();
    }

    private CounterWindow? Find(int index)
    {
        (CounterKey key, string text) = (_demands[index].Key, _keys[index]);
        CounterWindow? window = file.Find(key, text);
        bool isRevived = _demands[index].AmountMillionths > 0 && window?.Expires <= request.Time;
        if (key.GrantId is null && key.Definition.IsPartitioned && isRevived)
        {
            // It counted for the grant that made it; from now on it counts for this one.
            file.Drop(text);
            return null;
        }

        return window;
    }

    private bool IsMissing(int index) => _windows[index] is null && _demands[index].AmountMillionths > 0;

    private string? HolderOf(int index) => SqliteCounterFile.HolderOf(_demands[index].Key, _keys[index], request.GrantId);

    /// <summary>Makes the counters that don't exist yet, or says which is one too many.</summary>
    private CounterReservation? AddMissing()
    {
        int[] missing = [.. Enumerable.Range(0, _demands.Length).Where(IsMissing)];
        if (missing.Length == 0)
        {
            return null;
        }

        SaveFound();
        file.DropExpired(request.Time);
        int[] ofGrant = [.. missing.Where(i => HolderOf(i) is not null)];
        if (ofGrant.Length > 0 && !HasRoom(HolderOf(ofGrant[0]), options.MaxCountersPerGrant - ofGrant.Length))
        {
            return CounterReservation.AtCapacity(ofGrant[0]);
        }

        if (!HasRoom(grant: null, options.MaxCounters - missing.Length))
        {
            return CounterReservation.AtCapacity(missing[0]);
        }

        DateTimeOffset? floor = file.Floor();
        foreach (int i in missing)
        {
            var window = new CounterWindow(_demands[i].Key.Definition, floor);
            window.MoveTo(request.Time);
            _windows[i] = window;
        }

        return null;
    }

    /// <summary>Whether at most so many counters are live, of one grant or in all; expired ones are dropped until it is so.</summary>
    private bool HasRoom(string? grant, int most)
    {
        while (file.Count(grant) > most)
        {
            if (!file.DropExpired(request.Time, grant))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>What was found may have expired before it was moved to this time: the clean-up must see that it lives.</summary>
    private void SaveFound()
    {
        for (int i = 0; i < _demands.Length; i++)
        {
            if (_windows[i] is { } window)
            {
                file.Save(_demands[i].Key, _keys[i], window, HolderOf(i));
            }
        }
    }

    private CounterReservation Admit()
    {
        CounterReservation admission = CounterArithmetic.Admit(request, _windows);
        for (int i = 0; i < _demands.Length; i++)
        {
            if (_windows[i] is { } window && _demands[i].AmountMillionths > 0)
            {
                file.Save(_demands[i].Key, _keys[i], window, HolderOf(i));
            }
        }

        return admission;
    }
}
