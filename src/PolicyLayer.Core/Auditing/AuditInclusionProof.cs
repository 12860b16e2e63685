namespace PolicyLayer.Auditing;

/// <summary>
/// Proves to whoever trusts a checkpoint that a record stands in the log that it signs, without the rest of the log: an inclusion proof of
/// RFC 6962. Immutable.
/// </summary>
public sealed class AuditInclusionProof
{
    internal AuditInclusionProof(string record, long index, long size, IReadOnlyList<ReadOnlyMemory<byte>> hashes, string checkpoint)
    {
        Record = record;
        Index = index;
        Size = size;
        Hashes = hashes;
        Checkpoint = checkpoint;
    }

    /// <summary>The record's line, without its end. Its bytes in UTF-8, behind a byte of 0, are what the leaf's SHA-256 is over.</summary>
    public string Record { get; }

    /// <summary>The line's index in the log, from 0: its sequence less one.</summary>
    public long Index { get; }

    /// <summary>How many lines the checkpoint signs.</summary>
    public long Size { get; }

    /// <summary>The hashes from the leaf up to the root, of 32 bytes each.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Hashes { get; }

    /// <summary>The checkpoint, a signed note: the log's latest.</summary>
    public string Checkpoint { get; }
}
