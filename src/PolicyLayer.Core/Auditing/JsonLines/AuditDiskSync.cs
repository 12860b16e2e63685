namespace PolicyLayer.Auditing;

/// <summary>
/// When a <see cref="JsonLinesAuditSink"/> has the system force its lines to the disk. A process that dies loses none either way.
/// </summary>
public enum AuditDiskSync
{
    /// <summary>Before a record counts as written: a machine that loses power loses no record that was. Slow.</summary>
    EachWrite = 0,

    /// <summary>A <see cref="JsonLinesAuditSinkOptions.SyncInterval"/> after a record was written, which doesn't wait for it.</summary>
    EachInterval = 1,

    /// <summary>When the system sees fit.</summary>
    Never = 2,
}
