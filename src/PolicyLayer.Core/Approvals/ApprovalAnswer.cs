namespace PolicyLayer.Approvals;

/// <summary>A store's answer to a request. Immutable; a default one counts as a failure of the store.</summary>
public readonly struct ApprovalAnswer
{
    private ApprovalAnswer(ApprovalAnswerKind kind, StoredApproval? approval = null)
    {
        Kind = kind;
        Approval = approval;
    }

    /// <summary>There is nothing for the call, and nothing was requested.</summary>
    public static ApprovalAnswer Nothing { get; } = new(ApprovalAnswerKind.Nothing);

    /// <summary>There is nothing for the call, and nothing more can be requested.</summary>
    public static ApprovalAnswer TooMany { get; } = new(ApprovalAnswerKind.TooMany);

    /// <summary>The answer.</summary>
    public ApprovalAnswerKind Kind { get; }

    /// <summary>What there is for the call: pending, approved or refused. Null for nothing.</summary>
    public StoredApproval? Approval { get; }

    /// <summary>A request was made.</summary>
    /// <param name="approval">It.</param>
    /// <exception cref="ArgumentNullException"><paramref name="approval"/> is null.</exception>
    public static ApprovalAnswer Requested(StoredApproval approval) => new(ApprovalAnswerKind.Requested, NotNull(approval));

    /// <summary>There was something for the call already.</summary>
    /// <param name="approval">It, by its status pending, approved or refused.</param>
    /// <exception cref="ArgumentNullException"><paramref name="approval"/> is null.</exception>
    public static ApprovalAnswer Found(StoredApproval approval) => new(ApprovalAnswerKind.Found, NotNull(approval));

    private static StoredApproval NotNull(StoredApproval approval)
    {
        ArgumentNullException.ThrowIfNull(approval);
        return approval;
    }
}
