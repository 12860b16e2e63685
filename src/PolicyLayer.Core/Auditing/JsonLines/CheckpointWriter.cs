using System.Security.Cryptography;
using System.Text;
using PolicyLayer.Auditing.Checkpoints;

namespace PolicyLayer.Auditing.JsonLines;

/// <summary>Keeps the Merkle tree of a log that is written, and writes its checkpoints. Used by one thread at a time.</summary>
/// <param name="options">With a signer, whose key the next is.</param>
/// <param name="key">The signer's.</param>
/// <param name="files">The log's.</param>
/// <param name="file">The file of the checkpoints.</param>
/// <param name="length">How much of it are whole ones.</param>
/// <param name="tree">The lines that the log has.</param>
/// <param name="signed">How many of them the last checkpoint signs.</param>
internal sealed class CheckpointWriter(
    JsonLinesAuditSinkOptions options, CheckpointKey key, LogFiles files, LogFile file, long length, MerkleFrontier tree, long signed)
    : IDisposable
{
    private readonly IAuditSigner _signer = options.Signer!;
    private readonly TimeSpan _timeout = options.SignerTimeout;
    private readonly TimeProvider _time = options.TimeProvider;
    private readonly List<byte[]> _pending = [];

    // INVARIANT: the file's first `_length` bytes are whole checkpoints, and, unless `_isTorn`, it has no more.
    private long _length = length;
    private bool _isTorn = file.Length > length;
    private long _signed = signed;

    /// <summary>Whether lines were written that no checkpoint signs.</summary>
    public bool IsDue => tree.Size > _signed;

    /// <summary>Takes a line that is to be written.</summary>
    public void Add(ReadOnlySpan<byte> line) => _pending.Add(MerkleHash.OfLine(line));

    /// <summary>Forgets the lines that weren't written.</summary>
    public void Forget() => _pending.Clear();

    /// <summary>The lines were written.</summary>
    public void Commit()
    {
        _pending.ForEach(tree.Add);
        _pending.Clear();
    }

    /// <summary>Has all lines signed, and writes that down: all of it, or nothing, when it throws.</summary>
    /// <param name="head">Where the log stands.</param>
    /// <exception cref="IOException">It can't be written.</exception>
    /// <exception cref="CryptographicException">What the signer gave back isn't its key's signature.</exception>
    /// <exception cref="TimeoutException">The signer took too long.</exception>
    public async ValueTask WriteAsync(LogHead head)
    {
        byte[] text = Checkpoint.Of(_signer.Origin, tree, Encoding.ASCII.GetString(head.Hash)).ToBytes();
        SignedNote note = await SignAsync(text).ConfigureAwait(false);
        long found = file.Length;
        if ((!_isTorn && found != _length) || !files.HasCheckpoints(found))
        {
            throw new IOException($"The checkpoints `{files.Checkpoints}` were changed, replaced or removed by another program.");
        }

        if (_isTorn)
        {
            file.SetLength(_length);
            _isTorn = false;
        }

        byte[] bytes = [.. _length == 0 ? ""u8 : "\n"u8, .. note.ToBytes()];
        _isTorn = true;
        file.Write(bytes, _length);
        file.Sync();
        _isTorn = false;
        _length += bytes.Length;
        _signed = tree.Size;
    }

    public void Dispose() => file.Dispose();

    private async ValueTask<SignedNote> SignAsync(byte[] text)
    {
        using var stop = new CancellationTokenSource();
        Task<ReadOnlyMemory<byte>> signing = _signer.SignAsync(text, stop.Token).AsTask();
        ReadOnlyMemory<byte> signature;
        try
        {
            signature = await signing.WaitAsync(_timeout, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            await stop.CancelAsync().ConfigureAwait(false);
            throw;
        }

        return key.Verifies(text, signature.Span)
            ? new SignedNote(text, [new NoteSignature(_signer.Origin, key.Id, signature.ToArray())])
            : throw new CryptographicException("What the signer gave back isn't its key's signature in DER of what it was given.");
    }
}
