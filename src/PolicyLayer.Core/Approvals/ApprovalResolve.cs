namespace PolicyLayer.Approvals;

/// <summary>A person's answer to a request, for a store. Immutable.</summary>
public sealed class ApprovalResolve
{
    /// <summary>The host's clock. A store may keep its own time instead.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The approval.</summary>
    public required string Id { get; init; }

    /// <summary>Whether it is approved; else it is refused.</summary>
    public required bool IsApproved { get; init; }

    /// <summary>Who answers.</summary>
    public required string By { get; init; }

    /// <summary>Why; null for no words.</summary>
    public string? Reason { get; init; }

    /// <summary>
    /// Whether it covers no call but those that are bound to <see cref="ApprovalRequest.ExactBinding"/> of its request. Only for an
    /// approval.
    /// </summary>
    public bool IsExact { get; init; }

    /// <summary>How many calls it covers at most; null for as many as were asked for. Only for an approval.</summary>
    public int? Uses { get; init; }

    /// <summary>For how long it is in force at most; null for as long as was asked for. Only for an approval.</summary>
    public TimeSpan? ValidFor { get; init; }
}
