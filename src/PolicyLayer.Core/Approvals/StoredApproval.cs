namespace PolicyLayer.Approvals;

/// <summary>An approval as a store has it at a time. Immutable.</summary>
public sealed class StoredApproval
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>What it is bound to.</summary>
    public required string Binding { get; init; }

    /// <summary>What the very call that it was requested for is bound to.</summary>
    public required string ExactBinding { get; init; }

    /// <summary>Whether the person who approved it narrowed it to that call.</summary>
    public bool IsExact { get; init; }

    /// <summary>Whose call it was requested for.</summary>
    public required string GrantId { get; init; }

    /// <summary>Where it stands.</summary>
    public required ApprovalStatus Status { get; init; }

    /// <summary>When it was requested.</summary>
    public required DateTimeOffset Requested { get; init; }

    /// <summary>
    /// When what <see cref="Status"/> says ends: the request, the approval or the refusal. For one that is spent or expired, when it
    /// ended or would have. For one that was refused with another of its binding, when it was: it isn't in force itself.
    /// </summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>What it covers: as it was asked for or, once approved, as the person who approved it narrowed it.</summary>
    public required ApprovalTerms Terms { get; init; }

    /// <summary>How many of its uses are left; all while it is pending, 0 once it has ended.</summary>
    public required int UsesLeft { get; init; }

    /// <summary>Who answered; null while nobody has.</summary>
    public string? AnsweredBy { get; init; }

    /// <summary>When it was answered; null while it wasn't.</summary>
    public DateTimeOffset? Answered { get; init; }

    /// <summary>Why, in the words of who answered; null for none.</summary>
    public string? Reason { get; init; }

    /// <summary>
    /// What a person has to see; empty once it has ended, and where it can't be read, as the keys that it was kept under are gone. A
    /// refused one, and one that is spent, has ended.
    /// </summary>
    public ReadOnlyMemory<byte> Content { get; init; }
}
