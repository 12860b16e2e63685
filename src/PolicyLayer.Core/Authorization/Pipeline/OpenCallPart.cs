using System.Numerics;
using System.Runtime.InteropServices;
using PolicyLayer.Authorization.Decisions;

namespace PolicyLayer.Authorization.Pipeline;

/// <summary>
/// Some of the places for open calls, under one short lock. Places grow with need, and those that were freed are used first. The calls in
/// them form a ring, each linked to the next newer one and the newest to the oldest. Its fields lie between two empty cache lines, as other
/// processors write to other parts.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 192)]
internal sealed class OpenCallPart
{
    private const int None = -1;
    private const int FirstSize = 64;

    [FieldOffset(64)]
    private readonly Room _room;

    [FieldOffset(72)]
    private Place[] _places;

    [FieldOffset(80)]
    private SpinLock _lock = new(enableThreadOwnerTracking: false);

    [FieldOffset(84)]
    private readonly int _index;

    [FieldOffset(88)]
    private readonly int _shift;

    [FieldOffset(92)]
    private readonly int _capacity;

    /// <summary>So many places were ever used.</summary>
    [FieldOffset(96)]
    private int _used;

    /// <summary>The first of the places that were freed.</summary>
    [FieldOffset(100)]
    private int _free = None;

    // INVARIANT: in an empty ring it is the place that comes next, its own neighbour: the first of all, or the one that was freed last.
    [FieldOffset(104)]
    private int _oldest;

    /// <param name="room">How many parts have room.</param>
    /// <param name="index">The part's own number.</param>
    /// <param name="count">How many parts there are, a power of two.</param>
    /// <param name="capacity">How many places it may have, at least 1.</param>
    public OpenCallPart(Room room, int index, int count, int capacity)
    {
        _room = room;
        _index = index;
        _shift = BitOperations.Log2((uint)count);
        _capacity = capacity;
        _places = new Place[Math.Min(capacity, FirstSize)];
    }

    private bool IsFull => _free == None && _used == _capacity;

    /// <summary>Remembers a call in a free place, or in that of the oldest call, if that may be forgotten.</summary>
    public bool TryOpen(DecisionId id, bool mayForget, out DecisionId opened)
    {
        opened = id;
        bool isHeld = false;
        try
        {
            _lock.Enter(ref isHeld);
            int place = TakeFree();
            if (place == None && !mayForget)
            {
                return false;
            }

            opened = place == None ? Replace(_oldest, id) : Append(place, id);
            return true;
        }
        finally
        {
            Exit(isHeld);
        }
    }

    public bool IsOpen(DecisionId id)
    {
        int place = id.Place >> _shift;
        bool isHeld = false;
        try
        {
            _lock.Enter(ref isHeld);
            return place < _used && _places[place].Number == id.Number;
        }
        finally
        {
            Exit(isHeld);
        }
    }

    public bool TryClose(DecisionId id)
    {
        int place = id.Place >> _shift;
        bool isHeld = false;
        try
        {
            _lock.Enter(ref isHeld);
            if (place >= _used || _places[place].Number != id.Number)
            {
                return false;
            }

            Remove(place);
            if (IsFull)
            {
                // Said before it is so: whoever reads that no part has room may rely on it.
                _room.Add(1);
            }

            _places[place].Newer = _free;
            _free = place;
            return true;
        }
        finally
        {
            Exit(isHeld);
        }
    }

    private DecisionId IdAt(int place, DecisionId id) => id.At((place << _shift) | _index);

    private void Exit(bool isHeld)
    {
        if (isHeld)
        {
            _lock.Exit(useMemoryBarrier: false);
        }
    }

    private int TakeFree()
    {
        int place = _free;
        if (place != None)
        {
            _free = _places[place].Newer;
        }
        else if (_used == _capacity)
        {
            return None;
        }
        else
        {
            if (_used == _places.Length)
            {
                Array.Resize(ref _places, Math.Min(_used * 2, _capacity));
            }

            place = _used++;
        }

        if (IsFull)
        {
            _room.Add(-1);
        }

        return place;
    }

    /// <summary>Forgets the oldest call: its place is the newest one's, so the ring turns by one and no link changes.</summary>
    private DecisionId Replace(int oldest, DecisionId id)
    {
        DecisionId opened = IdAt(oldest, id);
        ref Place replaced = ref _places[oldest];
        replaced.Number = opened.Number;
        _oldest = replaced.Newer;
        return opened;
    }

    private DecisionId Append(int place, DecisionId id)
    {
        DecisionId opened = IdAt(place, id);
        int newest = _places[_oldest].Older;
        _places[place] = new Place { Number = opened.Number, Older = newest, Newer = _oldest };
        _places[newest].Newer = place;
        _places[_oldest].Older = place;
        return opened;
    }

    private void Remove(int place)
    {
        ref Place removed = ref _places[place];
        removed.Number = 0;
        _places[removed.Older].Newer = removed.Newer;
        _places[removed.Newer].Older = removed.Older;
        if (place == _oldest)
        {
            _oldest = removed.Newer;
        }
    }

    /// <summary>How many parts have a free place. For a moment it may say one too many, never one too few, so that zero is true.</summary>
    internal sealed class Room
    {
        private int _parts;

        public int Parts
        {
            set => _parts = value;
        }

        public bool IsUsedUp => Volatile.Read(ref _parts) == 0;

        public void Add(int parts) => Interlocked.Add(ref _parts, parts);
    }

    private struct Place
    {
        /// <summary>The open call's decision; 0 when there is none.</summary>
        public long Number;

        /// <summary>The next older call; of the oldest, the newest one.</summary>
        public int Older;

        /// <summary>The next newer call; of the newest, the oldest one; of a free place, the next free one.</summary>
        public int Newer;
    }
}
