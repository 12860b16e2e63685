using System.Text;
using PolicyLayer.Approvals;
using PolicyLayer.Redis;
using StackExchange.Redis;
using static PolicyLayer.Tests.Redis.RedisApprovals;

namespace PolicyLayer.Tests.Redis;

/// <summary>Contents hold argument values: who reads the server doesn't read them, and they go when their approval does.</summary>
public sealed class RedisApprovalContentTests(RedisFixture redis) : IClassFixture<RedisFixture>
{
    private static readonly byte[] Secret = Encoding.UTF8.GetBytes("""{"arguments":{"password":"correct horse battery"}}""");

    [RedisFact]
    public async Task No_value_stands_in_redis()
    {
        await using var server = new RedisServer();
        await server.StartAsync(appendFsync: "no");
        await using ConnectionMultiplexer connection = await server.ConnectAsync();
        var store = new RedisApprovalStore(connection, RedisApprovalHarness.OptionsOf("secret:"));
        await AskForAllAsync(store);
        await RequireSecretsAsync(connection, 0);
        Assert.Equal(Secret, (await FindAsync(store, 1))!.Content.ToArray());
        await EndAllAsync(store);
        await RequireSecretsAsync(connection, 0);
    }

    /// <summary>In clear on purpose: what remains after the end shows that it goes by itself.</summary>
    [RedisFact]
    public async Task Nothing_of_a_content_is_left_after_the_end()
    {
        await using var server = new RedisServer();
        await server.StartAsync(appendFsync: "no");
        await using ConnectionMultiplexer connection = await server.ConnectAsync();
        var store = new RedisApprovalStore(connection, RedisApprovalHarness.OptionsOf("plain:", ApprovalProtector.Plain));
        await AskForAllAsync(store);
        await RequireSecretsAsync(connection, 5);
        await EndAllAsync(store);
        await RequireSecretsAsync(connection, 0);
    }

    [RedisFact]
    public async Task The_server_erases_a_content_at_the_end_though_nobody_asks()
    {
        RedisApprovalStore store = Open("expiring:");
        IDatabase database = redis.Connection.GetDatabase();
        await store.AskAsync(Request(1, validFor: TimeSpan.FromHours(2)));
        string content = store.Keys.ContentOf(Id(1));
        Assert.InRange((await database.KeyTimeToLiveAsync(content))!.Value, Period / 2, Period);
        await store.ResolveAsync(Approve(1));
        Assert.InRange((await database.KeyTimeToLiveAsync(content))!.Value, TimeSpan.FromHours(1.9), TimeSpan.FromHours(2));

        RedisKey[] others = [.. KeysOf(redis.Connection, store).Where(key => key != content)];
        Assert.Equal(6, others.Length);
        Assert.All(others, key => Assert.InRange(
            database.KeyTimeToLive(key)!.Value, TimeSpan.FromHours(2.9), TimeSpan.FromHours(3) + TimeSpan.FromMinutes(1)));
        Assert.Single(others.Append(content).Select(key => redis.Connection.HashSlot(key)).Distinct());

        // A shorter approval takes nothing from the longer one.
        await store.AskAsync(Request(2));
        await store.ResolveAsync(Refuse(2));
        Assert.All(others, key => Assert.InRange(database.KeyTimeToLive(key)!.Value, TimeSpan.FromHours(2.9), TimeSpan.FromHours(4)));
        while (await database.KeyExistsAsync(content))
        {
            await database.KeyExpireAsync(content, TimeSpan.FromMilliseconds(1));
        }

        StoredApproval left = (await FindAsync(store, 1))!;
        Assert.Equal((ApprovalStatus.Approved, true), (left.Status, left.Content.IsEmpty));
    }

    [RedisFact]
    public async Task Contents_can_be_read_while_their_key_is_there()
    {
        await Open("rotated:", "k1").AskAsync(Request(1, content: Secret));
        RedisApprovalStore rotated = Open("rotated:", "k1", "k2");
        await rotated.AskAsync(Request(2, content: Secret));
        Assert.Equal(Secret, (await FindAsync(rotated, 1))!.Content.ToArray());

        RedisApprovalStore dropped = Open("rotated:", "k2");
        StoredApproval first = (await FindAsync(dropped, 1))!;
        Assert.Equal((ApprovalStatus.Pending, true), (first.Status, first.Content.IsEmpty));
        Assert.Equal(Secret, (await FindAsync(dropped, 2))!.Content.ToArray());
        IReadOnlyList<StoredApproval> page = await dropped.ListPendingAsync(new ApprovalListQuery { Time = Start, Count = 9 });
        Assert.Equal([0, Secret.Length], page.Select(each => each.Content.Length));
        Assert.Equal(0, (await dropped.AskAsync(Request(3, binding: 1))).Approval!.Content.Length);
    }

    [RedisFact]
    public async Task A_content_that_was_moved_to_another_request_is_not_shown()
    {
        RedisApprovalStore store = Open("moved:");
        await store.AskAsync(Request(1, content: Secret));
        await store.AskAsync(Request(2, content: "{}"u8.ToArray()));
        IDatabase database = redis.Connection.GetDatabase();
        RedisValue harmless = await database.StringGetAsync(store.Keys.ContentOf(Id(2)));
        await database.StringSetAsync(store.Keys.ContentOf(Id(1)), harmless);
        Assert.True((await FindAsync(store, 1))!.Content.IsEmpty);

        // Nor under another binding's record.
        RedisValue record = await database.HashGetAsync(store.Keys.Records, Id(2));
        await database.HashSetAsync(store.Keys.Records, Id(2), ((string)record!).Replace(Binding(2), Binding(3), StringComparison.Ordinal));
        Assert.True((await FindAsync(store, 2))!.Content.IsEmpty);
    }

    /// <summary>One for each way to end before the time does; the fifth waits for a call that the fourth was narrowed away from.</summary>
    private static async Task AskForAllAsync(RedisApprovalStore store)
    {
        for (int i = 1; i <= 4; i++)
        {
            await store.AskAsync(Request(i, content: Secret));
        }

        await store.ResolveAsync(Approve(2));
        await store.ResolveAsync(Approve(3));
        await store.ResolveAsync(Approve(4, isExact: true));
        Assert.Equal(ApprovalAnswerKind.Requested, (await store.AskAsync(Request(5, content: Secret, binding: 4, exact: 5))).Kind);
    }

    private static async Task EndAllAsync(RedisApprovalStore store)
    {
        Assert.Equal(ApprovalResolution.Done, await store.ResolveAsync(Refuse(1)));
        Assert.True(await store.SpendAsync(Use(2)));
        Assert.True(await store.SpendAsync(Use(3)));
        await store.ReturnAsync(Use(3));
        Assert.Equal(ApprovalResolution.Done, await store.ResolveAsync(Refuse(4)));
        Assert.Equal(ApprovalStatus.Refused, await StatusAsync(store, 5));
    }

    private static async Task RequireSecretsAsync(ConnectionMultiplexer connection, int expected)
    {
        List<byte[]> all = await AllBytesAsync(connection);
        Assert.True(all.Count > 20);
        Assert.Equal(expected, all.Count(bytes => bytes.AsSpan().IndexOf("battery"u8) >= 0));
    }

    private RedisApprovalStore Open(string prefix, params string[] keys) => new(
        redis.Connection,
        RedisApprovalHarness.OptionsOf(
            prefix, ApprovalProtector.Encrypting(RedisApprovalHarness.KeysOf(keys.Length == 0 ? ["k1"] : keys))));
}
