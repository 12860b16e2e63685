using System.Security.Cryptography;
using PolicyLayer.Auditing.Chain;
using PolicyLayer.Auditing.Checkpoints;

namespace PolicyLayer.Auditing;

/// <summary>What a <see cref="JsonLinesAuditSink"/> works with. Read once, when the sink is made.</summary>
public sealed class JsonLinesAuditSinkOptions
{
    /// <summary>The shortest <see cref="MaxBytes"/>, which every line fits: 65,536.</summary>
    public const long LeastMaxBytes = LineLength.Max + 1;

    /// <summary>
    /// The file, which is made if it doesn't exist; its folder isn't. A relative path starts from what is the current directory when the
    /// sink is made. Required.
    /// </summary>
    public string Path { get; set; } = "";

    /// <summary>
    /// The keys that lines are hashed with, so that only who has them can write a log anew; null, the default, for none. A log has keys in
    /// all its lines or in none.
    /// </summary>
    public PolicyLayerKeys? Keys { get; set; }

    /// <summary>When lines are forced to the disk. <see cref="AuditDiskSync.EachInterval"/> by default.</summary>
    public AuditDiskSync DiskSync { get; set; } = AuditDiskSync.EachInterval;

    /// <summary>
    /// How long a record may wait for the disk under <see cref="AuditDiskSync.EachInterval"/>. 1 second by default, more than 0 and at most
    /// an hour.
    /// </summary>
    public TimeSpan SyncInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The file is rotated before it would have more bytes; null, the default, for never. At least <see cref="LeastMaxBytes"/>.
    /// </summary>
    public long? MaxBytes { get; set; }

    /// <summary>
    /// The file is rotated before a record is written that comes this long after the file's first; null, the default, for never. More
    /// than 0.
    /// </summary>
    public TimeSpan? MaxAge { get; set; }

    /// <summary>How many rotated files are kept, the latest; null, the default, for all. At least 1.</summary>
    public int? Keep { get; set; }

    /// <summary>
    /// Signs checkpoints of the log, which stand beside it in <c>NAME.checkpoints</c>, so that whoever has the public key can tell whether
    /// any of the lines that they sign was changed, and prove that one stands there; null, the default, for none. The sink doesn't dispose
    /// it. A log keeps its origin; its key may change, but for a log whose first files are gone.
    /// </summary>
    public IAuditSigner? Signer { get; set; }

    /// <summary>
    /// How long after a record was written a checkpoint signs it. The sink also writes one before it rotates the file, and when it is
    /// closed. Where one can't be written, every later record fails until one can. 1 minute by default, more than 0 and at most a day.
    /// </summary>
    public TimeSpan CheckpointInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long the signer may take. 5 seconds by default, more than 0 and at most an hour.</summary>
    public TimeSpan SignerTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The clock of <see cref="MaxAge"/>, of all intervals and times above, and of the lines that the sink adds itself.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(Path);
        ArgumentNullException.ThrowIfNull(TimeProvider);
        ArgumentOutOfRangeException.ThrowIfNotEqual(Enum.IsDefined(DiskSync), true, nameof(DiskSync));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(SyncInterval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(SyncInterval, TimeSpan.FromHours(1));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(CheckpointInterval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(CheckpointInterval, TimeSpan.FromDays(1));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(SignerTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(SignerTimeout, TimeSpan.FromHours(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBytes ?? LeastMaxBytes, LeastMaxBytes, nameof(MaxBytes));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(MaxAge ?? TimeSpan.MaxValue, TimeSpan.Zero, nameof(MaxAge));
        ArgumentOutOfRangeException.ThrowIfLessThan(Keep ?? 1, 1, nameof(Keep));
        if (Signer is { } signer)
        {
            AuditOrigin.Require(signer.Origin, nameof(Signer));
            RequireKey(signer);
        }
    }

    private static void RequireKey(IAuditSigner signer)
    {
        try
        {
            _ = new CheckpointKey(signer.PublicKey.Span);
        }
        catch (CryptographicException e)
        {
            throw new ArgumentException("The signer's public key must be a SubjectPublicKeyInfo in DER, of P-256.", nameof(signer), e);
        }
    }
}
