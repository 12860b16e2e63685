namespace PolicyLayer.Approvals;

/// <summary>The bounds of an <see cref="InMemoryApprovalStore"/>. Read once, when the store is made.</summary>
/// <remarks>
/// One grant's share is bounded too, so that no grant takes the room of all. What has ended and is only remembered makes room for a new
/// request, the oldest first: of the same grant where its share is full, of all where the store is.
/// </remarks>
public sealed class InMemoryApprovalStoreOptions
{
    /// <summary>
    /// How many approvals it may hold in all, those included that have ended and are still remembered; a call that needs one more is
    /// answered with <see cref="ApprovalAnswer.TooMany"/> when none of them has ended. 100,000 by default, at least 1.
    /// </summary>
    public int MaxApprovals { get; set; } = 100_000;

    /// <summary>
    /// How many of them one grant may have, those included that have ended and are still remembered; a call that needs one more is answered
    /// with <see cref="ApprovalAnswer.TooMany"/> when none of the grant's has ended. 10,000 by default, at least 1, at most
    /// <see cref="MaxApprovals"/>.
    /// </summary>
    public int MaxApprovalsPerGrant { get; set; } = 10_000;

    /// <summary>
    /// How many bytes of <see cref="ApprovalRequest.Content"/> it may hold in all, which only those have that haven't ended; a call that
    /// needs more is answered with <see cref="ApprovalAnswer.TooMany"/>. 64 MiB by default, at least 1.
    /// </summary>
    public long MaxContentBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>
    /// How many of these bytes one grant may have; a call that needs more, alone or with the grant's others, is answered with
    /// <see cref="ApprovalAnswer.TooMany"/>. 8 MiB by default, at least 1, at most <see cref="MaxContentBytes"/>.
    /// </summary>
    public long MaxContentBytesPerGrant { get; set; } = 8 * 1024 * 1024;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxApprovals, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxApprovalsPerGrant, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxApprovalsPerGrant, MaxApprovals);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxContentBytes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxContentBytesPerGrant, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxContentBytesPerGrant, MaxContentBytes);
    }
}
