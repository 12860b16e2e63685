namespace PolicyLayer.Approvals;

/// <summary>What became of a person's answer. Only <see cref="Done"/> changed anything.</summary>
public enum ApprovalResolution
{
    /// <summary>No request has the id, or none that is remembered.</summary>
    Unknown = 0,

    /// <summary>It was taken.</summary>
    Done = 1,

    /// <summary>Its time ran out before, pending or approved.</summary>
    Expired = 2,

    /// <summary>
    /// It was approved before, and all its uses are spent. A refusal is answered so only when none can come back any more.
    /// </summary>
    Spent = 3,

    /// <summary>It was refused before, or another one of the same call was while it hadn't ended.</summary>
    Refused = 4,

    /// <summary>The answer covers more than was asked for, or a grant gives it: only a person may, and may only narrow.</summary>
    NotAllowed = 5,

    /// <summary>It was approved before and is in force.</summary>
    NotNeeded = 6,
}
