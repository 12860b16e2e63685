namespace PolicyLayer.Approvals;

/// <summary>One page of what is pending. Immutable.</summary>
public sealed class ApprovalListQuery
{
    /// <summary>The host's clock. A store may keep its own time instead.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The most that are listed, at least 1.</summary>
    public required int Count { get; init; }

    /// <summary>The last approval of the page before; null for the first page. It needn't be pending any more.</summary>
    public StoredApproval? After { get; init; }

    /// <summary>Whose; null for all.</summary>
    public string? GrantId { get; init; }
}
