namespace PolicyLayer.Approvals;

/// <summary>What a store says to a request.</summary>
public enum ApprovalAnswerKind
{
    /// <summary>Nothing usable: the store counts as failed.</summary>
    None = 0,

    /// <summary>There is nothing, and nothing was requested.</summary>
    Nothing = 1,

    /// <summary>There was something already.</summary>
    Found = 2,

    /// <summary>A request was made.</summary>
    Requested = 3,

    /// <summary>There is nothing, and nothing more can be requested.</summary>
    TooMany = 4,
}
