using PolicyLayer.Approvals;

namespace PolicyLayer.Sqlite;

/// <summary>What a <see cref="SqliteApprovalStore"/> works with. Read once, when the store is made.</summary>
/// <remarks>
/// One grant's share is bounded too, so that no grant takes the room of all. What has ended and is only remembered makes room for a new
/// request, the oldest first: of the same grant where its share is full, of all where the store is. Processes that share a file have the
/// same bounds and protector.
/// </remarks>
public sealed class SqliteApprovalStoreOptions
{
    /// <summary>
    /// The database file, which may be that of a <see cref="SqliteCounterStore"/> too. It is made if it doesn't exist; its folder isn't.
    /// Two more files appear beside it while it is open. Who may write to them can approve.
    /// </summary>
    public string Path { get; set; } = "";

    /// <summary>What an operation waits for. <see cref="SqliteSynchronous.Full"/> by default.</summary>
    public SqliteSynchronous Synchronous { get; set; } = SqliteSynchronous.Full;

    /// <summary>
    /// How long to wait for other writers, and for the protector. 5 seconds by default, more than 0 and at most an hour.
    /// </summary>
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// What keeps contents, which hold argument values, from whoever reads the file. There is no default:
    /// <see cref="ApprovalProtector.Encrypting"/> of the host's keys, <see cref="ApprovalProtector.Plain"/> on purpose, or one of the
    /// host's.
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
    /// How many bytes of contents it may hold in all, as the protector has made them, which only those have that haven't ended; a call that
    /// needs more is answered with <see cref="ApprovalAnswer.TooMany"/>. 64 MiB by default, at least 1.
    /// </summary>
    public long MaxContentBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>
    /// How many of these bytes one grant may have; a call that needs more, alone or with the grant's others, is answered with
    /// <see cref="ApprovalAnswer.TooMany"/>. 8 MiB by default, at least 1, at most <see cref="MaxContentBytes"/>.
    /// </summary>
    public long MaxContentBytesPerGrant { get; set; } = 8 * 1024 * 1024;

    /// <summary>The clock of the deadline. Approvals go by the operations' times.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    internal SqliteFileOptions File => new(Path, Synchronous, Deadline, TimeProvider);

    /// <summary>All but the protector, which a container may still give.</summary>
    internal void Validate()
    {
        File.Validate();
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxApprovals, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxApprovalsPerGrant, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxApprovalsPerGrant, MaxApprovals);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxContentBytes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxContentBytesPerGrant, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxContentBytesPerGrant, MaxContentBytes);
    }

    internal SqliteApprovalStoreOptions Copy() => (SqliteApprovalStoreOptions)MemberwiseClone();
}
