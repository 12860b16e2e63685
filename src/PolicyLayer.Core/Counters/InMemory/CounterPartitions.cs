using System.Collections.Concurrent;

namespace PolicyLayer.Counters.InMemory;

/// <summary>
/// All partitions of a store, one for each grant and one for what all grants share: finds them, bounds what they hold together, and drops
/// what has expired.
/// </summary>
internal sealed class CounterPartitions(int maxCounters, int maxCountersPerGrant)
{
    /// <summary>Looked at whenever a counter is made, so that expired ones never outnumber the live ones for long.</summary>
    private const int LooksWhenGrowing = 4;

    private readonly ConcurrentDictionary<string, CounterPartition> _partitions = new(StringComparer.Ordinal);
    private readonly Lock _sweeping = new();
    private IEnumerator<KeyValuePair<string, CounterPartition>>? _hand;

    // INVARIANT: no counter that was dropped had charges that count at the floor or later, and no new counter lives before it.
    private long _floor = long.MinValue;

    // INVARIANT: never later than the earliest expiry of any counter, so that a sweep is left out only when it would find none.
    private long _earliestExpiry = long.MaxValue;

    // INVARIANT: the counters that exist plus the room that is reserved; never less than what exists.
    private int _count;

    /// <summary>The counters that all grants share.</summary>
    public CounterPartition Shared { get; } = new();

    /// <summary>How many counters there are, or room is reserved for.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>When the last of the dropped counters had expired: a clock that steps back may not open their windows again.</summary>
    public long Floor => Volatile.Read(ref _floor);

    /// <summary>All partitions, each with its grant; null for what all grants share.</summary>
    public IEnumerable<(string? GrantId, CounterPartition Partition)> All =>
        _partitions.Select(each => ((string?)each.Key, each.Value)).Prepend((null, Shared));

    public CounterPartition? Find(string grantId) => _partitions.TryGetValue(grantId, out CounterPartition? partition) ? partition : null;

    /// <summary>A partition that is found without its lock may be retired before it is locked: look again then.</summary>
    public CounterPartition FindOrAdd(string grantId) => _partitions.GetOrAdd(grantId, static _ => new CounterPartition());

    /// <summary>Takes a retired partition out, so that the grant gets another one.</summary>
    public void Forget(string grantId, CounterPartition retired) => _partitions.TryRemove(KeyValuePair.Create(grantId, retired));

    /// <summary>Takes up room for new counters, unless there is none. No partition may be locked.</summary>
    /// <param name="count">How many counters.</param>
    /// <param name="now">The time.</param>
    /// <param name="grows">Whether they will be made: then a few expired ones are dropped for them, however much room there is.</param>
    public bool TryReserveCapacity(int count, long now, bool grows)
    {
        if (count <= 0)
        {
            return true;
        }

        if (Interlocked.Add(ref _count, count) <= maxCounters)
        {
            if (grows)
            {
                Sweep(now, LooksWhenGrowing);
            }

            return true;
        }

        // Two that overshoot at once may both be refused: room that isn't used is on the safe side, a counter too many isn't.
        SweepAll(now);
        if (Count <= maxCounters)
        {
            return true;
        }

        ReleaseCapacity(count);
        return false;
    }

    public void ReleaseCapacity(int count)
    {
        if (count > 0)
        {
            Interlocked.Add(ref _count, -count);
        }
    }

    /// <summary>Whether a grant may have more counters. Its partition, if it has one, must be locked.</summary>
    /// <param name="partition">The grant's partition; null if it has none.</param>
    /// <param name="isSharedLocked">Whether the caller holds the lock of what all grants share too.</param>
    /// <param name="count">How many.</param>
    /// <param name="now">The time.</param>
    public bool HasRoom(CounterPartition? partition, bool isSharedLocked, int count, long now)
    {
        if (partition is null)
        {
            return count <= maxCountersPerGrant;
        }

        if (partition.CountOfGrant > maxCountersPerGrant - count && partition.EarliestExpiry <= now)
        {
            DropAllExpired(partition, now);
        }

        if (partition.CountOfGrant > maxCountersPerGrant - count && partition.CountElsewhere > 0)
        {
            DropExpiredOfShared(isSharedLocked, now);
        }

        return partition.CountOfGrant <= maxCountersPerGrant - count;
    }

    /// <summary>Drops a counter that is there and has expired, from a partition that is locked.</summary>
    public void Drop(CounterPartition partition, CounterDefinition definition, string? owner) =>
        Account(dropped: 1, partition.Drop(definition, owner));

    private void DropExpiredOfShared(bool isLocked, long now)
    {
        if (!isLocked)
        {
            Shared.Enter();
        }

        try
        {
            if (Shared.EarliestExpiry <= now)
            {
                DropAllExpired(Shared, now);
            }
        }
        finally
        {
            if (!isLocked)
            {
                Shared.Exit();
            }
        }
    }

    /// <summary>Must be said of every counter that is new or was given something back, while its partition is locked.</summary>
    public void MayExpireAt(CounterPartition partition, long time)
    {
        partition.MayExpireAt(time);
        MayExpireAt(time);
    }

    private void MayExpireAt(long time)
    {
        for (long seen = Volatile.Read(ref _earliestExpiry); time < seen;)
        {
            long found = Interlocked.CompareExchange(ref _earliestExpiry, time, seen);
            seen = found == seen ? time : found;
        }
    }

    /// <summary>
    /// Drops every expired counter, so that none counts against the bound; without a look when none can have expired, so that a refused
    /// call costs little.
    /// </summary>
    private void SweepAll(long now)
    {
        lock (_sweeping)
        {
            if (Volatile.Read(ref _earliestExpiry) > now)
            {
                return;
            }

            // Before the sweep: what other threads say of their counters meanwhile must not be lost.
            Volatile.Write(ref _earliestExpiry, long.MaxValue);
            SweepAll(Shared, grantId: null, now);
            foreach ((string grantId, CounterPartition partition) in _partitions)
            {
                SweepAll(partition, grantId, now);
            }
        }
    }

    private void SweepAll(CounterPartition partition, string? grantId, long now)
    {
        partition.Enter();
        try
        {
            DropAllExpired(partition, now);
            MayExpireAt(partition.EarliestExpiry);
            RetireEmpty(partition, grantId);
        }
        finally
        {
            partition.Exit();
        }
    }

    private void Sweep(long now, int looks)
    {
        if (!_sweeping.TryEnter())
        {
            return;
        }

        try
        {
            for (int rounds = 0; looks > 0 && rounds < 2;)
            {
                _hand ??= _partitions.GetEnumerator();
                if (_hand.MoveNext())
                {
                    looks = Sweep(_hand.Current.Value, _hand.Current.Key, now, looks) - 1;
                    continue;
                }

                _hand.Dispose();
                _hand = null;
                rounds++;
                looks = Sweep(Shared, grantId: null, now, looks);
            }
        }
        finally
        {
            _sweeping.Exit();
        }
    }

    private int Sweep(CounterPartition partition, string? grantId, long now, int looks)
    {
        long floor = long.MinValue;
        partition.Enter();
        try
        {
            Account(partition.DropExpired(now, ref looks, ref floor), floor);
            RetireEmpty(partition, grantId);
        }
        finally
        {
            partition.Exit();
        }

        return looks;
    }

    // INVARIANT: a retired partition is empty and stays so; whoever still holds it finds it retired, under its lock, and looks again.
    private void RetireEmpty(CounterPartition partition, string? grantId)
    {
        if (grantId is not null && partition.CountOfGrant == 0)
        {
            partition.Retire();
            Forget(grantId, partition);
        }
    }

    private void DropAllExpired(CounterPartition partition, long now)
    {
        long floor = long.MinValue;
        Account(partition.DropAllExpired(now, ref floor), floor);
    }

    /// <summary>Before the partition is unlocked: the successor of a dropped counter must find the floor.</summary>
    private void Account(int dropped, long floor)
    {
        if (dropped > 0)
        {
            RaiseFloor(floor);
            ReleaseCapacity(dropped);
        }
    }

    private void RaiseFloor(long floor)
    {
        long seen = Floor;
        while (floor > seen)
        {
            long found = Interlocked.CompareExchange(ref _floor, floor, seen);
            if (found == seen)
            {
                return;
            }

            seen = found;
        }
    }
}
