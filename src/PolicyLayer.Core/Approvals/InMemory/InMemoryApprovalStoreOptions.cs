namespace PolicyLayer.Approvals;

/// <summary>The bounds of an <see cref="InMemoryApprovalStore"/>. Read once, when the store is made.</summary>
public sealed class InMemoryApprovalStoreOptions
{
    /// <summary>
    /// How many approvals it may hold in all, those included that have ended and are still remembered; a call that needs one more is
    /// answered with <see cref="ApprovalAnswer.TooMany"/>. 100,000 by default, at least 1.
    /// </summary>
    public int MaxApprovals { get; set; } = 100_000;

    /// <summary>
    /// How many bytes of <see cref="ApprovalRequest.Content"/> it may hold in all, which only those have that haven't ended; a call that
    /// needs more is answered with <see cref="ApprovalAnswer.TooMany"/>. 64 MiB by default, at least 1.
    /// </summary>
    public long MaxContentBytes { get; set; } = 64 * 1024 * 1024;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxApprovals, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxContentBytes, 1);
    }
}
