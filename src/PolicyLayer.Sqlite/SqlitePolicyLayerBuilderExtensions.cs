using PolicyLayer;
using PolicyLayer.Extensions.DependencyInjection;
using PolicyLayer.Sqlite;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Keeps the counters and approvals of <c>AddPolicyLayer</c> in SQLite.</summary>
public static class SqlitePolicyLayerBuilderExtensions
{
    /// <summary>Keeps counters in a SQLite file, in place of every store registered before. The container disposes the store.</summary>
    /// <param name="builder">What <c>AddPolicyLayer</c> returned.</param>
    /// <param name="path">The database file. It is made if it doesn't exist; its folder isn't.</param>
    /// <param name="configure">Sets what else the store works with.</param>
    /// <exception cref="ArgumentException">An option is out of range, or no path is given.</exception>
    public static PolicyLayerBuilder UseSqliteCounters(
        this PolicyLayerBuilder builder, string path, Action<SqliteCounterStoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new SqliteCounterStoreOptions { Path = path };
        configure?.Invoke(options);
        options.Validate();
        return builder.UseCounterStore(_ => new SqliteCounterStore(options));
    }

    /// <summary>
    /// Keeps approvals in a SQLite file, in place of every store registered before; it may be the file of the counters. The container
    /// disposes the store. Where the options name no protector, contents are encrypted with the <see cref="PolicyLayerKeys"/> of the
    /// container; without keys the host stops at its start.
    /// </summary>
    /// <param name="builder">What <c>AddPolicyLayer</c> returned.</param>
    /// <param name="path">The database file. It is made if it doesn't exist; its folder isn't.</param>
    /// <param name="configure">Sets what else the store works with.</param>
    /// <exception cref="ArgumentException">An option is out of range, or no path is given.</exception>
    public static PolicyLayerBuilder UseSqliteApprovals(
        this PolicyLayerBuilder builder, string path, Action<SqliteApprovalStoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new SqliteApprovalStoreOptions { Path = path };
        configure?.Invoke(options);
        options.Validate();
        return builder.UseApprovalStore(options.Protector, (_, protector) =>
        {
            SqliteApprovalStoreOptions protectedOptions = options.Copy();
            protectedOptions.Protector = protector;
            return new SqliteApprovalStore(protectedOptions);
        });
    }
}
