namespace PolicyLayer.Auditing;

/// <summary>What a record tells.</summary>
public enum AuditRecordKind
{
    /// <summary>A call was decided.</summary>
    Decision = 0,

    /// <summary>The host reported what became of an allowed call.</summary>
    Completion = 1,

    /// <summary>
    /// An allow became a denial, because a sink failed, took too long, or the host gave up. Every sink gets it, whether or not it has the
    /// allow, which bears the same decision id. The call didn't run, in whichever order a sink has the two.
    /// </summary>
    Correction = 2,

    /// <summary>
    /// What became of a request for approval: a person approved or refused it, or nobody did in its time. It bears the id of the decision
    /// that asked. One more follows where an approval is taken back.
    /// </summary>
    Approval = 3,

    /// <summary>
    /// A policy came into force, or went out of it, by a reload; or grants did. There is a record for each policy that changed and one for
    /// the grants, which names no policy. It is about no call: what other kinds say of one is empty.
    /// </summary>
    Reload = 4,
}
