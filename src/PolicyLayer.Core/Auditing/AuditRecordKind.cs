namespace PolicyLayer.Auditing;

/// <summary>What a record tells.</summary>
public enum AuditRecordKind
{
    /// <summary>A call was decided.</summary>
    Decision = 0,

    /// <summary>The host reported what became of an allowed call.</summary>
    Outcome,

    /// <summary>An allow recorded before under the same decision id became a denial, because another sink failed or the host gave up.</summary>
    Correction,
}
