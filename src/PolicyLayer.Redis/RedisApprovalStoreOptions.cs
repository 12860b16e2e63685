using PolicyLayer.Approvals;

namespace PolicyLayer.Redis;

/// <summary>What a <see cref="RedisApprovalStore"/> works with. Read once, when the store is made.</summary>
/// <remarks>
/// Stores on one prefix are given the same bounds: each holds to its own. What has ended and is only remembered makes room for a new
/// request, the oldest first: of the same grant where its share is full, of all where the store is.
/// </remarks>
public sealed class RedisApprovalStoreOptions
{
    /// <summary>
    /// What all keys begin with; <c>policylayer:</c> by default. All approvals share the cluster slot of <c>{prefix}</c>, or that of the
    /// prefix's own hash tag, such as <c>{limits}:</c>. It may be the prefix of a counter store.
    /// </summary>
    public string KeyPrefix { get; set; } = "policylayer:";

    /// <summary>The number of the database, or -1 for the multiplexer's default, which is the default here too.</summary>
    public int Database { get; set; } = -1;

    /// <summary>How long an operation waits for the server. 1 second by default, more than 0 and at most an hour.</summary>
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// What contents are kept from whoever reads the server with, in memory, on disk and on replicas: null, the default, is refused.
    /// <see cref="ApprovalProtector"/> has those of the library.
    /// </summary>
    public IApprovalProtector? Protector { get; set; }

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
    /// How many bytes of contents it may hold in all, as the protector made them, which only those have that haven't ended; a call that
    /// needs more is answered with <see cref="ApprovalAnswer.TooMany"/>. 64 MiB by default, at least 1.
    /// </summary>
    public long MaxContentBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>
    /// How many of these bytes one grant may have; a call that needs more, alone or with the grant's others, is answered with
    /// <see cref="ApprovalAnswer.TooMany"/>. 8 MiB by default, at least 1, at most <see cref="MaxContentBytes"/>.
    /// </summary>
    public long MaxContentBytesPerGrant { get; set; } = 8 * 1024 * 1024;

    /// <summary>The clock of the deadline. Approvals go by the server's clock.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>All but the protector, which a container may still have.</summary>
    internal void Validate()
    {
        RedisOptions.Validate(KeyPrefix, Database, Deadline, TimeProvider);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxApprovals, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxApprovalsPerGrant, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxApprovalsPerGrant, MaxApprovals);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxContentBytes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxContentBytesPerGrant, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxContentBytesPerGrant, MaxContentBytes);
    }

    /// <summary>The same with another protector.</summary>
    internal RedisApprovalStoreOptions With(IApprovalProtector protector)
    {
        var copy = (RedisApprovalStoreOptions)MemberwiseClone();
        copy.Protector = protector;
        return copy;
    }
}
