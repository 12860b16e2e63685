namespace PolicyLayer.Auditing;

/// <summary>
/// Proves to whoever has an older checkpoint and trusts the later one that nothing of what the older one signs was changed since: a
/// consistency proof of RFC 6962. Immutable.
/// </summary>
public sealed class AuditConsistencyProof
{
    internal AuditConsistencyProof(long oldSize, long size, IReadOnlyList<ReadOnlyMemory<byte>> hashes, string checkpoint)
    {
        OldSize = oldSize;
        Size = size;
        Hashes = hashes;
        Checkpoint = checkpoint;
    }

    /// <summary>How many lines the older checkpoint signs.</summary>
    public long OldSize { get; }

    /// <summary>How many lines the later one signs.</summary>
    public long Size { get; }

    /// <summary>The hashes, of 32 bytes each, in the order of RFC 6962; none where both sign as many lines.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Hashes { get; }

    /// <summary>The later checkpoint, a signed note: the log's latest.</summary>
    public string Checkpoint { get; }
}
