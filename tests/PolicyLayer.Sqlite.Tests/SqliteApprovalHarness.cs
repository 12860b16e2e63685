using PolicyLayer.Approvals;
using PolicyLayer.Sqlite;
using PolicyLayer.Testing;

namespace PolicyLayer.Tests.Sqlite;

/// <summary>SQLite files in a folder of their own, removed at the end. Nothing here needs to survive a power failure.</summary>
public sealed class SqliteApprovalHarness : ApprovalStoreHarness, IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("policylayer-").FullName;

    public override ApprovalStoreCapabilities Capabilities => ApprovalStoreCapabilities.RequestTime | ApprovalStoreCapabilities.Durable
        | ApprovalStoreCapabilities.Shared | ApprovalStoreCapabilities.Bounded;

    /// <summary>Keys of their own, so that the kit's contents are encrypted as a host's are.</summary>
    public IApprovalProtector Protector { get; init; } = ApprovalProtector.Encrypting(ApprovalKeys.Of("k1"));

    public string PathOf(string storage) => Path.Combine(Folder, storage + ".db");

    public SqliteApprovalStoreOptions OptionsOf(string storage) => new()
    {
        Path = PathOf(storage),
        Protector = Protector,
        Synchronous = SqliteSynchronous.Off,
        Deadline = TimeSpan.FromMinutes(1),
    };

    public override ValueTask<IApprovalStore> OpenAsync(ApprovalStoreOpening opening, CancellationToken cancellationToken)
    {
        SqliteApprovalStoreOptions options = OptionsOf(opening.Storage);
        options.MaxApprovals = opening.MaxApprovals ?? options.MaxApprovals;
        options.MaxApprovalsPerGrant = Math.Min(options.MaxApprovalsPerGrant, options.MaxApprovals);
        return new(new SqliteApprovalStore(options));
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
