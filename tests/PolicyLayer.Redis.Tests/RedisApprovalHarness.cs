using System.Globalization;
using PolicyLayer.Approvals;
using PolicyLayer.Redis;
using PolicyLayer.Testing;
using StackExchange.Redis;

namespace PolicyLayer.Tests.Redis;

/// <summary>
/// Storages are key prefixes of one server. On a fake clock, the script reads the operation's time where it would ask the server's.
/// </summary>
public sealed class RedisApprovalHarness(IConnectionMultiplexer connection, bool fakeClock) : ApprovalStoreHarness
{
    public override ApprovalStoreCapabilities Capabilities => ApprovalStoreCapabilities.Durable | ApprovalStoreCapabilities.Shared
        | ApprovalStoreCapabilities.Bounded
        | (fakeClock ? ApprovalStoreCapabilities.RequestTime : ApprovalStoreCapabilities.None);

    public override ValueTask<IApprovalStore> OpenAsync(ApprovalStoreOpening opening, CancellationToken cancellationToken)
    {
        RedisApprovalStoreOptions options = OptionsOf(opening.Storage + ":");
        options.MaxApprovals = opening.MaxApprovals ?? options.MaxApprovals;
        options.MaxApprovalsPerGrant = Math.Min(options.MaxApprovalsPerGrant, options.MaxApprovals);
        return new(fakeClock
            ? new SteppedRedisApprovalStore(connection, options)
            : new RedisApprovalStore(connection, options));
    }

    internal static RedisApprovalStoreOptions OptionsOf(string prefix, IApprovalProtector? protector = null) => new()
    {
        KeyPrefix = prefix,
        Deadline = TimeSpan.FromMinutes(1),
        Protector = protector ?? ApprovalProtector.Encrypting(KeysOf("k1")),
    };

    /// <summary>Keys with these ids, the last one the current.</summary>
    internal static PolicyLayerKeys KeysOf(params string[] ids) => new(
        ids[^1], ids.ToDictionary(id => id, id => Enumerable.Repeat((byte)id[^1], PolicyLayerKeys.KeyLength).ToArray()));
}

/// <summary>A Redis store whose server shows the time of the operation.</summary>
internal sealed class SteppedRedisApprovalStore(IConnectionMultiplexer connection, RedisApprovalStoreOptions options) : IApprovalStore
{
    private readonly string _timeKey = options.KeyPrefix + "time";

    public RedisApprovalStore Store { get; } = new(
        connection,
        options,
        new RedisApprovalScripts($"redis.call('HMGET', '{options.KeyPrefix}time', 'seconds', 'microseconds')"));

    public async ValueTask<ApprovalAnswer> AskAsync(ApprovalRequest request, CancellationToken cancellationToken = default) =>
        await (await AtAsync(request.Time)).AskAsync(request, cancellationToken);

    public async ValueTask<bool> SpendAsync(ApprovalUse use, CancellationToken cancellationToken = default) =>
        await (await AtAsync(use.Time)).SpendAsync(use, cancellationToken);

    public async ValueTask ReturnAsync(ApprovalUse use, CancellationToken cancellationToken = default) =>
        await (await AtAsync(use.Time)).ReturnAsync(use, cancellationToken);

    public async ValueTask<ApprovalResolution> ResolveAsync(ApprovalResolve answer, CancellationToken cancellationToken = default) =>
        await (await AtAsync(answer.Time)).ResolveAsync(answer, cancellationToken);

    public async ValueTask<StoredApproval?> FindAsync(ApprovalQuery query, CancellationToken cancellationToken = default) =>
        await (await AtAsync(query.Time)).FindAsync(query, cancellationToken);

    public async ValueTask<IReadOnlyList<StoredApproval>> ListPendingAsync(
        ApprovalListQuery query, CancellationToken cancellationToken = default) =>
        await (await AtAsync(query.Time)).ListPendingAsync(query, cancellationToken);

    private async Task<RedisApprovalStore> AtAsync(DateTimeOffset time)
    {
        (long seconds, long milliseconds) = Math.DivRem(time.ToUnixTimeMilliseconds(), 1_000);
        string microseconds = ((milliseconds * 1_000) + 999).ToString(CultureInfo.InvariantCulture);
        await connection.GetDatabase().HashSetAsync(_timeKey, [new("seconds", seconds), new("microseconds", microseconds)]);
        return Store;
    }
}
