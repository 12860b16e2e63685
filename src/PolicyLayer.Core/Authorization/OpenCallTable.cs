using System.Numerics;

namespace PolicyLayer;

/// <summary>
/// The allowed calls that may still be reported, each taken out exactly once. A decision's number is its place in a ring, so there is
/// no list to search and nothing to count; a newer call on the same place drives out an older one, whose charge then stays.
/// </summary>
internal sealed class OpenCallTable
{
    private const long Free = 0;
    private const long Busy = -1;
    private const int ChunkSize = 512;

    private readonly Slot[]?[] _chunks;
    private readonly int _chunkSize;
    private readonly long _mask;

    public OpenCallTable(int capacity)
    {
        int size = (int)BitOperations.RoundUpToPowerOf2((uint)capacity);
        _chunkSize = Math.Min(size, ChunkSize);
        _chunks = new Slot[size / _chunkSize][];
        _mask = size - 1;
    }

    public void Add(DecisionId id, in OpenCall call)
    {
        ref Slot slot = ref SlotOf(id);
        long owner = Volatile.Read(ref slot.Owner);
        if (owner == Busy || Interlocked.CompareExchange(ref slot.Owner, Busy, owner) != owner)
        {
            // Another thread is at this place right now: the call stays unreported, and its charge stays.
            return;
        }

        slot.Call = call;
        Volatile.Write(ref slot.Owner, id.Number);
    }

    public bool TryTake(DecisionId id, out OpenCall call)
    {
        ref Slot slot = ref SlotOf(id);
        if (id.Number == Free || Interlocked.CompareExchange(ref slot.Owner, Busy, id.Number) != id.Number)
        {
            call = default;
            return false;
        }

        call = slot.Call;
        slot.Call = default;
        Volatile.Write(ref slot.Owner, Free);
        return true;
    }

    private ref Slot SlotOf(DecisionId id)
    {
        int index = (int)(id.Number & _mask);
        ref Slot[]? chunk = ref _chunks[index / _chunkSize];
        return ref (Volatile.Read(ref chunk) ?? AddChunk(ref chunk))[index % _chunkSize];
    }

    private Slot[] AddChunk(ref Slot[]? chunk)
    {
        var added = new Slot[_chunkSize];
        return Interlocked.CompareExchange(ref chunk, added, null) ?? added;
    }

    private struct Slot
    {
        public long Owner;
        public OpenCall Call;
    }
}
