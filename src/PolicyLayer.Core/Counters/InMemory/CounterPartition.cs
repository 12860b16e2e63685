using System.Runtime.CompilerServices;

namespace PolicyLayer.Counters.InMemory;

/// <summary>
/// The counters that one grant holds, or those that all grants share, under one short lock: a call of several limits takes it once.
/// Everything but <see cref="Enter"/> asks for the lock to be held.
/// </summary>
internal sealed class CounterPartition
{
    /// <summary>Up to this many counters are found faster by looking through them all.</summary>
    private const int UnindexedCount = 8;

    private const int FirstSpin = 64;
    private const int LongestSpin = 4_096;

    // INVARIANT: everything below is read and written only by whoever holds the lock.
    private int _isHeld;
    private int _hand;
    private Entry[] _entries = new Entry[1];
    private Dictionary<Identity, int>? _index;
    private Dictionary<CounterWindow, CounterPartition>? _makers;

    // Written under the lock of the partition that has the counters.
    private int _countElsewhere;

    public int Count { get; private set; }

    /// <summary>How many counters count for this grant: its own, and those that it made among the ones that all grants share.</summary>
    public int CountOfGrant => Count + CountElsewhere;

    public int CountElsewhere => Volatile.Read(ref _countElsewhere);

    /// <summary>The counters, while the lock is held.</summary>
    public IEnumerable<(CounterDefinition Definition, string? Owner, CounterWindow Window)> All =>
        _entries.Take(Count).Select(entry => (entry.Definition, entry.Owner, entry.Window));

    /// <summary>Taken out of the store: whoever still finds it must look again.</summary>
    public bool IsRetired { get; private set; }

    /// <summary>Before this time no counter expires, and there is none to look for.</summary>
    public long EarliestExpiry { get; private set; } = long.MaxValue;

    /// <summary>Must be said of every counter that is new or was given something back.</summary>
    public void MayExpireAt(long time) => EarliestExpiry = Math.Min(EarliestExpiry, time);

    public void Enter()
    {
        if (Interlocked.CompareExchange(ref _isHeld, 1, 0) != 0)
        {
            EnterContended();
        }
    }

    public void Exit() => Volatile.Write(ref _isHeld, 0);

    /// <summary>Charges one unit to a counter without values that exists, has room, and saw no later time.</summary>
    public bool TryCharge(in CounterLimit limit, string? sessionId, long now)
    {
        CounterWindow? window = Find(limit.Definition, OwnerOf(limit.Definition, sessionId));
        if (window is null || !window.FitsAt(now, CounterDemand.Unit, limit.MaxMillionths))
        {
            return false;
        }

        window.Add(CounterDemand.Unit);
        return true;
    }

    /// <summary>The same for each of a few counters; for none, if it isn't so for all.</summary>
    public bool TryChargeAll(CounterLimits limits, string? sessionId, long now)
    {
        if (limits.Length > CounterLimits.Few)
        {
            return false;
        }

        // Places, as each reference that is written to a buffer costs a call to the collector's barrier.
        InlineArray8<int> places = default;
        for (int i = 0; i < limits.Length; i++)
        {
            // Moving charges nothing. One stamp must say when all were charged, so a counter that is ahead goes the other way.
            CounterLimit limit = limits[i];
            int place = PlaceOf(limit.Definition, OwnerOf(limit.Definition, sessionId));
            if (place < 0 || !_entries[place].Window.FitsAt(now, CounterDemand.Unit, limit.MaxMillionths))
            {
                return false;
            }

            places[i] = place;
        }

        for (int i = 0; i < limits.Length; i++)
        {
            _entries[places[i]].Window.Add(CounterDemand.Unit);
        }

        return true;
    }

    /// <summary>A counter of a call.</summary>
    /// <param name="definition">What it counts.</param>
    /// <param name="owner">What tells it from others of the definition: its session, or its value's digest; null for nothing.</param>
    public CounterWindow? Find(CounterDefinition definition, string? owner)
    {
        int place = PlaceOf(definition, owner);
        return place < 0 ? null : _entries[place].Window;
    }

    /// <param name="definition">What it counts.</param>
    /// <param name="owner">What tells it from others of the definition.</param>
    /// <param name="floor">A time that it may not go back behind.</param>
    /// <param name="maker">The grant that it counts for, where that has another partition.</param>
    public CounterWindow Add(CounterDefinition definition, string? owner, long floor, CounterPartition? maker = null)
    {
        if (Count == _entries.Length)
        {
            Array.Resize(ref _entries, Count * 2);
        }

        var window = new CounterWindow(definition, floor);
        if (maker is not null)
        {
            (_makers ??= []).Add(window, maker);
            Interlocked.Increment(ref maker._countElsewhere);
        }

        _entries[Count] = new Entry(definition, owner, window);
        _index?.Add(new Identity(definition, owner), Count);
        Count++;
        if (_index is null && Count > UnindexedCount)
        {
            BuildIndex();
        }

        return window;
    }

    /// <summary>Drops expired counters, looking on from where the last call stopped, so that no call has to look at all of them.</summary>
    /// <param name="now">The time.</param>
    /// <param name="looks">How many counters to look at; comes back with what is left of it.</param>
    /// <param name="floor">Comes back as the time that the dropped counters may not be opened again before, if later.</param>
    /// <returns>How many were dropped.</returns>
    public int DropExpired(long now, ref int looks, ref long floor)
    {
        int dropped = 0;
        for (int left = Math.Min(looks, Count); left > 0; left--, looks--)
        {
            if (_hand >= Count)
            {
                _hand = 0;
            }

            long expires = _entries[_hand].Window.ExpiresUnixMilliseconds;
            if (expires > now)
            {
                _hand++;
                continue;
            }

            // The hand stays: the last counter has taken the place.
            floor = Math.Max(floor, expires);
            RemoveAt(_hand);
            dropped++;
        }

        return dropped;
    }

    /// <summary>Drops all expired counters.</summary>
    /// <param name="now">The time.</param>
    /// <param name="floor">Comes back as the time that the dropped counters may not be opened again before, if later.</param>
    /// <returns>How many were dropped.</returns>
    public int DropAllExpired(long now, ref long floor)
    {
        int looks = Count;
        int dropped = DropExpired(now, ref looks, ref floor);
        EarliestExpiry = long.MaxValue;
        foreach (ref readonly Entry entry in _entries.AsSpan(0, Count))
        {
            MayExpireAt(entry.Window.ExpiresUnixMilliseconds);
        }

        return dropped;
    }

    /// <summary>Drops a counter that is there and has expired. Returns when it did.</summary>
    public long Drop(CounterDefinition definition, string? owner)
    {
        int place = PlaceOf(definition, owner);
        long expires = _entries[place].Window.ExpiresUnixMilliseconds;
        RemoveAt(place);
        return expires;
    }

    public void Retire() => IsRetired = true;

    /// <summary>What tells a counter without values apart: the session, if it counts by sessions.</summary>
    private static string? OwnerOf(CounterDefinition definition, string? sessionId) =>
        definition.Scope == CounterScope.Session ? sessionId : null;

    /// <summary>
    /// Keeps away from the lock for longer and longer, so that its holder does many calls meanwhile without losing the cache line; then
    /// gives up the processor, as the holder may have none.
    /// </summary>
    private void EnterContended()
    {
        int iterations = FirstSpin;
        var patience = new SpinWait();
        do
        {
            if (iterations <= LongestSpin)
            {
                Thread.SpinWait(iterations);
                iterations *= 2;
            }
            else
            {
                patience.SpinOnce();
            }
        }
        while (Volatile.Read(ref _isHeld) != 0 || Interlocked.CompareExchange(ref _isHeld, 1, 0) != 0);
    }

    /// <summary>Where a counter is; negative for nowhere.</summary>
    private int PlaceOf(CounterDefinition definition, string? owner)
    {
        if (_index is not null)
        {
            return _index.GetValueOrDefault(new Identity(definition, owner), -1);
        }

        ReadOnlySpan<Entry> entries = _entries.AsSpan(0, Count);
        for (int i = 0; i < entries.Length; i++)
        {
            if (ReferenceEquals(entries[i].Definition, definition) && string.Equals(entries[i].Owner, owner))
            {
                return i;
            }
        }

        return PlaceOfEqual(definition, owner);
    }

    /// <summary>A policy that was loaded again has equal definitions that aren't the same: the new ones take their place.</summary>
    private int PlaceOfEqual(CounterDefinition definition, string? owner)
    {
        for (int i = 0; i < Count; i++)
        {
            if (_entries[i].Definition.Equals(definition) && string.Equals(_entries[i].Owner, owner))
            {
                _entries[i] = _entries[i] with { Definition = definition };
                return i;
            }
        }

        return -1;
    }

    private void BuildIndex()
    {
        _index = new Dictionary<Identity, int>(Count * 2);
        for (int i = 0; i < Count; i++)
        {
            _index.Add(new Identity(_entries[i].Definition, _entries[i].Owner), i);
        }
    }

    private void RemoveAt(int place)
    {
        Entry removed = _entries[place];
        Entry last = _entries[--Count];
        _entries[Count] = default;
        _index?.Remove(new Identity(removed.Definition, removed.Owner));
        if (_makers is not null && _makers.Remove(removed.Window, out CounterPartition? maker))
        {
            Interlocked.Decrement(ref maker._countElsewhere);
        }

        if (place < Count)
        {
            _entries[place] = last;
            if (_index is not null)
            {
                _index[new Identity(last.Definition, last.Owner)] = place;
            }
        }

        if (Count == 0)
        {
            (_index, _entries, _makers) = (null, new Entry[1], null);
        }
    }

    private readonly record struct Entry(CounterDefinition Definition, string? Owner, CounterWindow Window);

    private readonly record struct Identity(CounterDefinition Definition, string? Owner);
}
