using System.Text;
using PolicyLayer.Auditing.Checkpoints;

namespace PolicyLayer.Auditing.Verification;

/// <summary>The Merkle tree over the first lines of a log, of which one reading takes down some subtrees' hashes. Used once.</summary>
internal sealed class TreeOfLog(string checkpoints, long size, IReadOnlyList<MerkleRange> ranges) : ILineObserver, IDisposable
{
    private readonly CheckpointReader _reader = new(AuditLogFile.OpenRead(checkpoints));
    private MerkleRangeHash[]? _hashes;
    private MerkleFrontier? _tree;
    private IReadOnlyList<Checkpoint> _expected = [];

    /// <summary>The number of the line to keep; 0 for none.</summary>
    public long Wanted { get; init; }

    /// <summary>That line; null when it didn't come.</summary>
    public string? Record { get; private set; }

    /// <summary>The hashes of the subtrees, in their order.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Hashes => [.. _hashes!.Select(static hash => (ReadOnlyMemory<byte>)hash.Root)];

    /// <summary>Reads a log, and compares it with what checkpoints say of it.</summary>
    /// <exception cref="AuditLogException">It isn't that, or the files begin too late.</exception>
    public async Task ReadAsync(IReadOnlyList<string> files, IReadOnlyList<Checkpoint> expected, CancellationToken cancellationToken)
    {
        _expected = expected;
        var walk = new LogWalk(new ChainCheck(hash: null, after: null), this);
        AuditLogFault? fault = await walk.RunAsync(files, cancellationToken).ConfigureAwait(false);
        if (fault is null && !(_tree?.Size >= size))
        {
            fault = CheckpointFault.CutOff(checkpoints, 0, size);
        }

        if (fault is not null)
        {
            throw new AuditLogException(fault);
        }
    }

    public async ValueTask<AuditLogFault?> TakeAsync(ReadOnlyMemory<byte> line, long sequence, CancellationToken cancellationToken)
    {
        if (_tree is null)
        {
            _tree = await BeginAsync(sequence - 1, cancellationToken).ConfigureAwait(false);
            if (_tree.Size > 0 && Compare() is { } fault)
            {
                return fault;
            }
        }

        if (sequence > size)
        {
            return null;
        }

        byte[] hash = MerkleHash.OfLine(line.Span);
        _tree.Add(hash);
        foreach (MerkleRangeHash range in _hashes!)
        {
            range.Take(sequence - 1, hash);
        }

        if (sequence == Wanted)
        {
            Record = Encoding.UTF8.GetString(line.Span);
        }

        return Compare();
    }

    public void Dispose() => _reader.Dispose();

    private async Task<MerkleFrontier> BeginAsync(long before, CancellationToken cancellationToken)
    {
        MerkleFrontier? tree = before == 0 ? new MerkleFrontier() : null;
        while (tree is null && await _reader.ReadAsync(cancellationToken).ConfigureAwait(false) is { Checkpoint: { } checkpoint })
        {
            tree = checkpoint.Size == before ? checkpoint.Tree?.Copy() : null;
        }

        _hashes = tree is null ? [] : [.. ranges.Select(range => new MerkleRangeHash(range, tree))];
        return tree is not null && _hashes.All(static hash => hash.IsKnown) && _expected.All(checkpoint => checkpoint.Size >= before)
            ? tree
            : throw new AuditLogException("The files that are named begin too late for the proof. Name those before too.");
    }

    private AuditLogFault? Compare() =>
        _expected.Any(checkpoint => checkpoint.Size == _tree!.Size && !checkpoint.Root.AsSpan().SequenceEqual(_tree.Root()))
            ? CheckpointFault.Differs(checkpoints, 0, _tree!.Size)
            : null;
}
