using System.Numerics;

namespace PolicyLayer;

/// <summary>
/// The allowed calls that may still be reported, each taken out exactly once however often its decision was copied. A decision's number
/// is its place in a ring, so there is no list to search and nothing to count; a newer call on the same place drives out an older one,
/// whose charge then stays.
/// </summary>
internal sealed class OpenCallTable
{
    private const long Free = 0;
    private const int ChunkBits = 12;
    private const int ChunkSize = 1 << ChunkBits;

    private readonly long[]?[] _chunks;
    private readonly int _chunkSize;
    private readonly long _mask;

    public OpenCallTable(int capacity)
    {
        int size = (int)BitOperations.RoundUpToPowerOf2((uint)capacity);
        _chunkSize = Math.Min(size, ChunkSize);
        _chunks = new long[((size - 1) >> ChunkBits) + 1][];
        _mask = size - 1;
    }

    public void Add(DecisionId id) => Volatile.Write(ref PlaceOf(id), id.Number);

    public bool TryTake(DecisionId id) =>
        id.Number != Free && Interlocked.CompareExchange(ref PlaceOf(id), Free, id.Number) == id.Number;

    private ref long PlaceOf(DecisionId id)
    {
        int index = (int)(id.Number & _mask);
        ref long[]? chunk = ref _chunks[index >> ChunkBits];
        return ref (Volatile.Read(ref chunk) ?? AddChunk(ref chunk))[index & (ChunkSize - 1)];
    }

    private long[] AddChunk(ref long[]? chunk)
    {
        long[] added = new long[_chunkSize];
        return Interlocked.CompareExchange(ref chunk, added, null) ?? added;
    }
}
