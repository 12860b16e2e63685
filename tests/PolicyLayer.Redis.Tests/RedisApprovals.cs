using PolicyLayer.Approvals;
using PolicyLayer.Redis;
using StackExchange.Redis;

namespace PolicyLayer.Tests.Redis;

/// <summary>Requests, answers and uses as the engine gives them to a store, and what stands on the server.</summary>
internal static class RedisApprovals
{
    public static readonly DateTimeOffset Start = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);
    public static readonly TimeSpan Period = TimeSpan.FromMinutes(10);

    public static string Id(int number) => $"{number:x32}";

    public static string Binding(int number) => $"{number:x64}";

    public static ApprovalRequest Request(
        int number,
        DateTimeOffset at = default,
        byte[]? content = null,
        string grantId = "g",
        int? binding = null,
        int? exact = null,
        int uses = 1,
        TimeSpan? pendingFor = null,
        TimeSpan? validFor = null,
        bool mayRequest = true) => new()
        {
            Time = at == default ? Start : at,
            NewId = Id(number),
            Binding = Binding(binding ?? number),
            ExactBinding = Binding(exact ?? binding ?? number),
            GrantId = grantId,
            MayRequest = mayRequest,
            MaxPending = 100_000,
            PendingFor = pendingFor ?? Period,
            Terms = new ApprovalTerms(uses, validFor ?? Period),
            Content = content ?? "{}"u8.ToArray(),
        };

    public static ApprovalResolve Approve(
        int number, DateTimeOffset at = default, bool isExact = false, string by = "ann", string? why = null) => new()
        {
            Time = at == default ? Start : at,
            Id = Id(number),
            IsApproved = true,
            By = by,
            Reason = why,
            IsExact = isExact,
        };

    public static ApprovalResolve Refuse(int number, DateTimeOffset at = default) =>
        new() { Time = at == default ? Start : at, Id = Id(number), IsApproved = false, By = "bob" };

    public static ApprovalUse Use(int number, DateTimeOffset at = default, int? binding = null, int? exact = null) =>
        new(at == default ? Start : at, Id(number), Binding(binding ?? number), Binding(exact ?? binding ?? number));

    public static async Task<ApprovalStatus> StatusAsync(IApprovalStore store, int number, DateTimeOffset at = default) =>
        (await FindAsync(store, number, at))?.Status ?? ApprovalStatus.Unknown;

    public static async Task<StoredApproval?> FindAsync(IApprovalStore store, int number, DateTimeOffset at = default) =>
        await store.FindAsync(new ApprovalQuery(at == default ? Start : at, Id(number)));

    public static RedisKey[] KeysOf(IConnectionMultiplexer connection, RedisApprovalStore store)
    {
        string own = store.Keys.Version[..^"version".Length];
        return [.. connection.GetServers().Single().Keys().Where(key => key.ToString().StartsWith(own, StringComparison.Ordinal))];
    }

    /// <summary>All that stands on a server, names and values, whatever it is of.</summary>
    public static async Task<List<byte[]>> AllBytesAsync(IConnectionMultiplexer connection)
    {
        IDatabase database = connection.GetDatabase();
        var all = new List<byte[]>();
        foreach (RedisKey key in connection.GetServers().Single().Keys())
        {
            all.Add((byte[])key!);
            all.AddRange(await database.KeyTypeAsync(key) switch
            {
                RedisType.String => [(byte[])(await database.StringGetAsync(key))!],
                RedisType.Hash => (await database.HashGetAllAsync(key)).SelectMany(e => (byte[][])[(byte[])e.Name!, (byte[])e.Value!]),
                RedisType.SortedSet => (await database.SortedSetRangeByRankAsync(key)).Select(value => (byte[])value!),
                var other => throw new InvalidOperationException($"A key is a {other}."),
            });
        }

        return all;
    }
}
