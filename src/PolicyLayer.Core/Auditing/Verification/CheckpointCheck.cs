using System.Globalization;
using PolicyLayer.Auditing.Checkpoints;

namespace PolicyLayer.Auditing.Verification;

/// <summary>Compares the lines of a log with its checkpoints, all of which must be signed with one of the keys, as both come.</summary>
internal sealed class CheckpointCheck : ILineObserver, IDisposable
{
    private readonly string _latest;
    private readonly string _path;
    private readonly CheckpointReader _reader;
    private readonly AuditPublicKeys _keys;
    private string? _origin;
    private MerkleFrontier? _tree;
    private ReadCheckpoint? _next;
    private long _lastSize;

    private CheckpointCheck(string latest, string path, AuditPublicKeys keys)
    {
        _latest = latest;
        _path = path;
        _keys = keys;
        _reader = new CheckpointReader(AuditLogFile.OpenRead(path));
    }

    /// <summary>How many lines, from the log's first, stand under a checkpoint that holds.</summary>
    public long Signed { get; private set; }

    /// <summary>Opens the checkpoints of a log.</summary>
    /// <param name="latest">The log's latest file.</param>
    /// <param name="keys">Those that may have signed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The check, or the fault that there are none or that the first doesn't hold.</returns>
    public static async Task<(CheckpointCheck? Check, AuditLogFault? Fault)> OpenAsync(
        string latest, AuditPublicKeys keys, CancellationToken cancellationToken)
    {
        string path = CheckpointsPath.Find(latest);
        CheckpointCheck check;
        try
        {
            check = new CheckpointCheck(latest, path, keys);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return (null, new AuditLogFault(AuditFaultKind.CheckpointsMissing, path, 0, null,
                "There are no checkpoints. Help: a log that isn't signed is verified without a public key."));
        }

        AuditLogFault? fault = await check.MoveNextAsync(cancellationToken).ConfigureAwait(false);
        if (fault is null && check._next is null)
        {
            fault = new AuditLogFault(AuditFaultKind.CheckpointsMissing, path, 0, null, "The file has no checkpoint.");
        }

        return (check, fault);
    }

    public async ValueTask<AuditLogFault?> TakeAsync(ReadOnlyMemory<byte> line, long sequence, CancellationToken cancellationToken)
    {
        AuditLogFault? fault = _tree is null ? await BeginAsync(sequence, cancellationToken).ConfigureAwait(false) : null;
        if (fault is null)
        {
            _tree!.Add(MerkleHash.OfLine(line.Span));
            fault = await CompareAsync(cancellationToken).ConfigureAwait(false);
        }

        return fault;
    }

    /// <summary>Looks, behind the last line, whether there should be more.</summary>
    public AuditLogFault? End() => _next is { } next ? CheckpointFault.CutOff(_path, next.Line, next.Checkpoint!.Size) : null;

    public void Dispose() => _reader.Dispose();

    // A log whose first files are gone begins with the tree of the checkpoint that was written when the last of them was full.
    private async ValueTask<AuditLogFault?> BeginAsync(long sequence, CancellationToken cancellationToken)
    {
        long before = sequence - 1;
        _tree = before == 0 ? new MerkleFrontier() : null;
        while (_tree is null && _next is { } next && next.Checkpoint!.Size <= before)
        {
            if (next.Checkpoint.Size == before && next.Checkpoint.Tree is { } tree)
            {
                _tree = tree.Copy();
                Signed = before;
            }

            if (await MoveNextAsync(cancellationToken).ConfigureAwait(false) is { } fault)
            {
                return fault;
            }
        }

        return _tree is null
            ? Fault(AuditFaultKind.TreeUnknown, string.Create(CultureInfo.InvariantCulture,
                $"The log begins with number {sequence}, and no checkpoint says what stood before. Help: name the files before too."))
            : await CompareAsync(cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<AuditLogFault?> CompareAsync(CancellationToken cancellationToken)
    {
        while (_next is { } next && next.Checkpoint!.Size == _tree!.Size)
        {
            if (!next.Checkpoint.Root.AsSpan().SequenceEqual(_tree.Root()))
            {
                return CheckpointFault.Differs(_path, next.Line, _tree.Size);
            }

            Signed = _tree.Size;
            if (await MoveNextAsync(cancellationToken).ConfigureAwait(false) is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    private async ValueTask<AuditLogFault?> MoveNextAsync(CancellationToken cancellationToken)
    {
        _next = await _reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (_next is { IsTorn: true } && AuditLogFile.IsBeingWritten(_latest))
        {
            _next = null;
        }

        if (_next is not { } next)
        {
            return null;
        }

        if (next.Note is null || next.Checkpoint is not { } checkpoint)
        {
            return Fault(AuditFaultKind.NoCheckpoint, next.IsTorn
                ? "The file ends within the checkpoint, as after a crash. Help: the next writer with a signer cuts it off."
                : "It is no checkpoint, or was changed.");
        }

        _origin ??= checkpoint.Origin;
        if (checkpoint.Origin != _origin || checkpoint.Size < _lastSize)
        {
            return Fault(AuditFaultKind.NoCheckpoint,
                "It is a checkpoint of another origin, and so another log's, or older than the one before.");
        }

        _lastSize = checkpoint.Size;
        return _keys.Keys.Any(key => next.Note.IsSignedBy(key, checkpoint.Origin))
            ? null
            : Fault(AuditFaultKind.SignatureDiffers,
                "The checkpoint isn't signed with a key that is given, or was changed. Help: give the keys that signed before, too.");
    }

    private AuditLogFault Fault(AuditFaultKind kind, string message) =>
        new(kind, _path, _next?.Line ?? 0, _next?.Checkpoint?.Size, message);
}
