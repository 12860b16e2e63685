namespace PolicyLayer.Counters;

/// <summary>
/// The charges of a sliding window, oldest bucket first; at most one for each of its buckets, so it never grows beyond 64.
/// </summary>
internal class ChargeQueue
{
    // INVARIANT: the length is a power of two, so that a mask wraps an index; from _first on, buckets only rise.
    private (long Bucket, long Amount)[] _ring = new (long, long)[2];
    private int _first;

    public int Count { get; private set; }

    public (long Bucket, long Amount) this[int index] => At(index);

    /// <summary>Adds to a bucket, in its place among the others.</summary>
    public void Add(long bucket, long amount)
    {
        int place = Count;
        while (place > 0 && At(place - 1).Bucket > bucket)
        {
            place--;
        }

        if (place > 0 && At(place - 1).Bucket == bucket)
        {
            At(place - 1).Amount += amount;
            return;
        }

        if (Count == _ring.Length)
        {
            Grow();
        }

        Count++;
        for (int i = Count - 1; i > place; i--)
        {
            At(i) = At(i - 1);
        }

        At(place) = (bucket, amount);
    }

    /// <summary>What the buckets up to one hold.</summary>
    public long SumThrough(long bucket)
    {
        long sum = 0;
        for (int i = 0; i < Count && At(i).Bucket <= bucket; i++)
        {
            sum += At(i).Amount;
        }

        return sum;
    }

    /// <summary>Takes up to an amount from a bucket. Returns what was taken.</summary>
    public long Remove(long bucket, long amount)
    {
        for (int i = Count - 1; i >= 0 && At(i).Bucket >= bucket; i--)
        {
            if (At(i).Bucket == bucket)
            {
                long taken = Math.Min(amount, At(i).Amount);
                At(i).Amount -= taken;
                if (At(i).Amount == 0)
                {
                    RemoveAt(i);
                }

                return taken;
            }
        }

        return 0;
    }

    /// <summary>Removes all buckets up to one. Returns what they held.</summary>
    public long RemoveThrough(long bucket)
    {
        long removed = 0;
        while (Count > 0 && At(0).Bucket <= bucket)
        {
            removed += At(0).Amount;
            _first = (_first + 1) & (_ring.Length - 1);
            Count--;
        }

        return removed;
    }

    /// <summary>Removes all buckets after one.</summary>
    public void RemoveAfter(long bucket)
    {
        while (Count > 0 && At(Count - 1).Bucket > bucket)
        {
            Count--;
        }
    }

    private ref (long Bucket, long Amount) At(int index) => ref _ring[(_first + index) & (_ring.Length - 1)];

    private void RemoveAt(int index)
    {
        for (int i = index; i < Count - 1; i++)
        {
            At(i) = At(i + 1);
        }

        Count--;
    }

    private void Grow()
    {
        var grown = new (long, long)[_ring.Length * 2];
        for (int i = 0; i < Count; i++)
        {
            grown[i] = At(i);
        }

        (_ring, _first) = (grown, 0);
    }
}
