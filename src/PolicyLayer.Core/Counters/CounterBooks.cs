using System.Collections.Concurrent;

namespace PolicyLayer.Counters;

/// <summary>All books of a store: finds them, bounds what they hold together, and drops what has expired.</summary>
internal sealed class CounterBooks(int maxCounters, int maxCountersPerGrant)
{
    /// <summary>Looked at whenever a counter is made, so that expired ones never outnumber the live ones for long.</summary>
    private const int LooksWhenGrowing = 4;

    private readonly ConcurrentDictionary<string, CounterBook> _books = new(StringComparer.Ordinal);
    private readonly Lock _sweeping = new();
    private IEnumerator<KeyValuePair<string, CounterBook>>? _hand;
    private long _floor = long.MinValue;
    private long _earliestExpiry = long.MaxValue;
    private int _count;

    /// <summary>The counters that all grants share.</summary>
    public CounterBook Shared { get; } = new();

    /// <summary>How many counters there are, or are paid for.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>When the last of the dropped counters had expired: a clock that steps back may not open their windows again.</summary>
    public long Floor => Volatile.Read(ref _floor);

    public CounterBook? Find(string grantId) => _books.TryGetValue(grantId, out CounterBook? book) ? book : null;

    public CounterBook FindOrAdd(string grantId) => _books.GetOrAdd(grantId, static _ => new CounterBook());

    /// <summary>Takes up room for new counters, unless there is none. No book may be locked.</summary>
    public bool TryPay(int count, long now)
    {
        if (count <= 0)
        {
            return true;
        }

        if (Interlocked.Add(ref _count, count) <= maxCounters)
        {
            Sweep(now, LooksWhenGrowing);
            return true;
        }

        SweepAll(now);
        if (Count <= maxCounters)
        {
            return true;
        }

        Refund(count);
        return false;
    }

    public void Refund(int count)
    {
        if (count > 0)
        {
            Interlocked.Add(ref _count, -count);
        }
    }

    /// <summary>Whether a grant may have more counters. Its book must be locked.</summary>
    public bool HasRoom(CounterBook book, int count, long now)
    {
        if (book.Count > maxCountersPerGrant - count && book.EarliestExpiry <= now)
        {
            DropAllExpired(book, now);
        }

        return book.Count <= maxCountersPerGrant - count;
    }

    /// <summary>Must be said of every counter that is new or was given something back, while its book is locked.</summary>
    public void MayExpireAt(CounterBook book, long time)
    {
        book.MayExpireAt(time);
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

            Volatile.Write(ref _earliestExpiry, long.MaxValue);
            SweepAll(Shared, grantId: null, now);
            foreach ((string grantId, CounterBook book) in _books)
            {
                SweepAll(book, grantId, now);
            }
        }
    }

    private void SweepAll(CounterBook book, string? grantId, long now)
    {
        book.Enter();
        try
        {
            DropAllExpired(book, now);
            MayExpireAt(book.EarliestExpiry);
            RetireEmpty(book, grantId);
        }
        finally
        {
            book.Exit();
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
                _hand ??= _books.GetEnumerator();
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

    private int Sweep(CounterBook book, string? grantId, long now, int looks)
    {
        long floor = long.MinValue;
        book.Enter();
        try
        {
            Account(book.DropExpired(now, ref looks, ref floor), floor);
            RetireEmpty(book, grantId);
        }
        finally
        {
            book.Exit();
        }

        return looks;
    }

    private void RetireEmpty(CounterBook book, string? grantId)
    {
        if (grantId is not null && book.Count == 0)
        {
            book.Retire();
            _books.TryRemove(KeyValuePair.Create(grantId, book));
        }
    }

    private void DropAllExpired(CounterBook book, long now)
    {
        long floor = long.MinValue;
        Account(book.DropAllExpired(now, ref floor), floor);
    }

    /// <summary>Before the book is unlocked: the successor of a dropped counter must find the floor.</summary>
    private void Account(int dropped, long floor)
    {
        if (dropped > 0)
        {
            RaiseFloor(floor);
            Refund(dropped);
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
