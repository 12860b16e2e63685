using PolicyLayer.Auditing.Chain;

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

    /// <summary>The clock of <see cref="MaxAge"/>, <see cref="SyncInterval"/> and the lines that the sink adds itself.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(Path);
        ArgumentNullException.ThrowIfNull(TimeProvider);
        ArgumentOutOfRangeException.ThrowIfNotEqual(Enum.IsDefined(DiskSync), true, nameof(DiskSync));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(SyncInterval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(SyncInterval, TimeSpan.FromHours(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBytes ?? LeastMaxBytes, LeastMaxBytes, nameof(MaxBytes));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(MaxAge ?? TimeSpan.MaxValue, TimeSpan.Zero, nameof(MaxAge));
        ArgumentOutOfRangeException.ThrowIfLessThan(Keep ?? 1, 1, nameof(Keep));
    }
}
