namespace PolicyLayer.Approvals;

/// <summary>Where an approval stands.</summary>
public enum ApprovalStatus
{
    /// <summary>There is none with the id, or none that is remembered.</summary>
    Unknown = 0,

    /// <summary>It waits for a person.</summary>
    Pending = 1,

    /// <summary>A person approved it, it is in force and has uses left.</summary>
    Approved = 2,

    /// <summary>A person refused it, or another one of the same call while it hadn't ended.</summary>
    Refused = 3,

    /// <summary>It was approved, and all its uses are spent.</summary>
    Spent = 4,

    /// <summary>Its time ran out, before or after a person approved it.</summary>
    Expired = 5,
}
