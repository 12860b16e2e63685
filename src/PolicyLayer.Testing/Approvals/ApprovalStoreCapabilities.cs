namespace PolicyLayer.Testing;

/// <summary>What an approval store does beyond the promises that every store makes. Cases that need more are left out.</summary>
[Flags]
public enum ApprovalStoreCapabilities
{
    /// <summary>Only what every store does.</summary>
    None = 0,

    /// <summary>
    /// It lives by the operations' times, so that a case can move its clock. Leave it out for a store with a clock of its own.
    /// </summary>
    RequestTime = 1,

    /// <summary>What it holds survives closing and opening it again.</summary>
    Durable = 2,

    /// <summary>Several open instances of one storage share its approvals.</summary>
    Shared = 4,

    /// <summary>It takes <see cref="ApprovalStoreOpening.MaxApprovals"/>.</summary>
    Bounded = 8,
}
