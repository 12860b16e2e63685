using System.Collections.Concurrent;

namespace PolicyLayer.Counters;

/// <summary>All books of a store: finds them, bounds what they hold together, and drops what has expired.</summary>
internal sealed class CounterBooks(int maxCounters, int maxCountersPerGrant)
{
    /// <summary>Looked at whenever a counter is made, so that expired ones never outnumber the live ones for long.</summary>
    private const int LooksWhenGrowing = 4;

    /// <summary>Looked at when there is no room; bounds what a refused call costs.</summary>
    private const int LooksWhenFull = 64;

    private readonly ConcurrentDictionary<string, CounterBook> _books = new(StringComparer.Ordinal);
    private readonly Lock _sweeping = new();
    private IEnumerator<KeyValuePair<string, CounterBook>>? _hand;
    private long _floor = long.MinValue;
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
            Sweep(now, LooksWhenGrowing, canWait: false);
            return true;
        }

        Sweep(now, LooksWhenFull, canWait: true);
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
        if (book.Count > maxCountersPerGrant - count)
        {
            DropExpired(book, now, LooksWhenFull);
        }

        return book.Count <= maxCountersPerGrant - count;
    }

    private void Sweep(long now, int looks, bool canWait)
    {
        if (canWait)
        {
            _sweeping.Enter();
        }
        else if (!_sweeping.TryEnter())
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
                    looks = SweepBook(_hand.Current, now, looks);
                    continue;
                }

                _hand.Dispose();
                _hand = null;
                rounds++;
                Shared.Enter();
                looks = DropExpired(Shared, now, looks);
                Shared.Exit();
            }
        }
        finally
        {
            _sweeping.Exit();
        }
    }

    private int SweepBook(KeyValuePair<string, CounterBook> pair, long now, int looks)
    {
        CounterBook book = pair.Value;
        book.Enter();
        looks = DropExpired(book, now, looks);
        if (book.Count == 0)
        {
            book.Retire();
            _books.TryRemove(pair);
        }

        book.Exit();
        return looks - 1;
    }

    private int DropExpired(CounterBook book, long now, int looks)
    {
        long floor = long.MinValue;
        int dropped = book.DropExpired(now, ref looks, ref floor);
        if (dropped > 0)
        {
            RaiseFloor(floor);
            Refund(dropped);
        }

        return looks;
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
