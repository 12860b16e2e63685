namespace PolicyLayer.Regexes;

/// <summary>Sets of active states, each with what stands before it, numbered in the order in which they were first seen.</summary>
internal sealed class RegexStateTable
{
    private const int FirstSlots = 16;
    private const int FirstMembers = 64;

    private Slot[] _slots = new Slot[FirstSlots];

    // By hash, the number of the last slot and one more; slots of one bucket are chained.
    private int[] _buckets = new int[FirstSlots];
    private int[] _members = new int[FirstMembers];
    private int _usedMembers;

    public int Count { get; private set; }

    public static int FirstBytes => (FirstSlots * (Slot.Bytes + sizeof(int))) + (FirstMembers * sizeof(int));

    public ReadOnlySpan<int> Members(int number) => _members.AsSpan(_slots[number].Start, _slots[number].Length);

    public RegexNeighbour Before(int number) => _slots[number].Before;

    /// <summary>The number of a set; −1 if it was never seen.</summary>
    public int Find(ReadOnlySpan<int> sorted, RegexNeighbour before, int hash)
    {
        int number = _buckets[BucketOf(hash)] - 1;
        while (number >= 0)
        {
            ref readonly Slot slot = ref _slots[number];
            if (slot.Hash == hash && slot.Before == before && Members(number).SequenceEqual(sorted))
            {
                return number;
            }

            number = slot.NextInBucket - 1;
        }

        return -1;
    }

    /// <summary>How many bytes more are taken once such a set is added.</summary>
    public int BytesToAdd(int members)
    {
        int slots = Count == _slots.Length ? _slots.Length * (Slot.Bytes + sizeof(int)) : 0;
        return slots + ((GrownMembers(members) - _members.Length) * sizeof(int));
    }

    public int Add(ReadOnlySpan<int> sorted, RegexNeighbour before, int hash)
    {
        if (Count == _slots.Length)
        {
            GrowSlots();
        }

        Array.Resize(ref _members, GrownMembers(sorted.Length));
        sorted.CopyTo(_members.AsSpan(_usedMembers));
        int bucket = BucketOf(hash);
        _slots[Count] = new Slot(hash, _usedMembers, sorted.Length, before, _buckets[bucket]);
        _buckets[bucket] = Count + 1;
        _usedMembers += sorted.Length;
        return Count++;
    }

    public static int HashOf(ReadOnlySpan<int> sorted, RegexNeighbour before)
    {
        uint hash = (uint)before;
        foreach (int member in sorted)
        {
            hash = (hash ^ (uint)member) * 0x9E3779B1;
            hash ^= hash >> 15;
        }

        return (int)hash;
    }

    private int BucketOf(int hash) => hash & (_buckets.Length - 1);

    private int GrownMembers(int more)
    {
        int length = _members.Length;
        while (length < _usedMembers + more)
        {
            length *= 2;
        }

        return length;
    }

    private void GrowSlots()
    {
        Array.Resize(ref _slots, _slots.Length * 2);
        _buckets = new int[_slots.Length];
        for (int i = 0; i < Count; i++)
        {
            int bucket = BucketOf(_slots[i].Hash);
            _slots[i] = _slots[i] with { NextInBucket = _buckets[bucket] };
            _buckets[bucket] = i + 1;
        }
    }

    private readonly record struct Slot(int Hash, int Start, int Length, RegexNeighbour Before, int NextInBucket)
    {
        public const int Bytes = 5 * sizeof(int);
    }
}
