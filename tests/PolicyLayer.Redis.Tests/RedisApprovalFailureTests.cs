using Microsoft.Extensions.Time.Testing;
using PolicyLayer.Approvals;
using PolicyLayer.Redis;
using StackExchange.Redis;
using static PolicyLayer.Tests.Redis.RedisApprovals;

namespace PolicyLayer.Tests.Redis;

/// <summary>A server that is away, slow, full or holds nonsense gives a typed error, and nothing is half done.</summary>
public sealed class RedisApprovalFailureTests(RedisFixture redis) : IClassFixture<RedisFixture>
{
    /// <summary>Of an approval's record, by <c>RedisApprovalHolding.Fields</c>.</summary>
    private const int Status = 3;
    private const int Left = 12;

    [RedisFact]
    public void A_store_without_a_protector_says_both_ways_out()
    {
        var options = new RedisApprovalStoreOptions();
        var fault = Assert.Throws<ArgumentException>(() => new RedisApprovalStore(redis.Connection, options));
        Assert.StartsWith(
            "An approval's content holds argument values, and there is no protector for it. Help: set `Protector` to "
                + "`ApprovalProtector.Encrypting(keys)`, or to `ApprovalProtector.Plain` to have whoever reads Redis read them too.",
            fault.Message,
            StringComparison.Ordinal);
    }

    [RedisTheory]
    [InlineData("{}:")]
    [InlineData("a}{b")]
    public void A_prefix_that_would_scatter_the_keys_is_refused(string prefix) =>
        Assert.Throws<ArgumentException>(() => Open(prefix));

    [RedisFact]
    public void Bounds_are_at_least_one_and_a_share_is_not_above_the_total()
    {
        Action<RedisApprovalStoreOptions>[] wrong =
        [
            options => options.MaxApprovals = 0,
            options => options.MaxApprovalsPerGrant = 0,
            options => options.MaxContentBytes = 0,
            options => options.MaxContentBytesPerGrant = 0,
            options => options.MaxApprovals = options.MaxApprovalsPerGrant - 1,
            options => options.MaxContentBytes = options.MaxContentBytesPerGrant - 1,
            options => options.Deadline = TimeSpan.Zero,
            options => options.Database = -2,
        ];
        foreach (Action<RedisApprovalStoreOptions> set in wrong)
        {
            RedisApprovalStoreOptions options = RedisApprovalHarness.OptionsOf("bounds:");
            set(options);
            Assert.ThrowsAny<ArgumentException>(() => new RedisApprovalStore(redis.Connection, options));
        }
    }

    [RedisFact]
    public async Task Mistakes_throw_and_change_nothing()
    {
        RedisApprovalStore store = Open("mistakes:");
        await store.AskAsync(Request(1));

        await Assert.ThrowsAsync<ArgumentNullException>(async () => await store.AskAsync(null!));
        await Assert.ThrowsAsync<ArgumentNullException>(async () => await store.ResolveAsync(null!));
        await Assert.ThrowsAsync<ArgumentNullException>(async () => await store.ListPendingAsync(null!));
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.AskAsync(Request(2, pendingFor: TimeSpan.Zero)));
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.AskAsync(Request(1, binding: 2)));
        var toNothing = new ApprovalResolve { Time = Start, Id = Id(1), IsApproved = true, By = "ann", Uses = 0 };
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await store.ResolveAsync(toNothing));

        Assert.Equal(Id(1), Assert.Single(await store.ListPendingAsync(new ApprovalListQuery { Time = Start, Count = 9 })).Id);
    }

    [RedisFact]
    public async Task A_protector_that_fails_stores_nothing()
    {
        var broken = new RedisApprovalStore(redis.Connection, RedisApprovalHarness.OptionsOf("unprotected:", new BrokenProtector()));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await broken.AskAsync(Request(1)));
        Assert.Empty(KeysOf(redis.Connection, broken));
        Assert.Equal(ApprovalAnswerKind.Nothing, (await broken.AskAsync(Request(1, mayRequest: false))).Kind);
    }

    [RedisFact]
    public async Task A_protector_that_takes_too_long_fails_at_the_deadline()
    {
        var time = new FakeTimeProvider();
        RedisApprovalStoreOptions options = RedisApprovalHarness.OptionsOf("slow:", new SilentProtector());
        (options.TimeProvider, options.Deadline) = (time, TimeSpan.FromSeconds(1));
        var slow = new RedisApprovalStore(redis.Connection, options);
        Task<ApprovalAnswer> asked = slow.AskAsync(Request(1)).AsTask();
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(RedisStoreFailure.Timeout, (await Assert.ThrowsAsync<RedisStoreException>(() => asked)).Failure);
        Assert.Empty(KeysOf(redis.Connection, slow));
    }

    [RedisFact]
    public async Task Who_gave_up_is_told_of_a_request_that_was_made()
    {
        var late = new LateProtector();
        var store = new RedisApprovalStore(redis.Connection, RedisApprovalHarness.OptionsOf("late:", late));

        ApprovalAnswer answer = await late.AskAndGiveUpAsync(store, Request(1), "shown"u8.ToArray());

        Assert.Equal(ApprovalAnswerKind.Requested, answer.Kind);
        Assert.Equal("shown"u8, answer.Approval!.Content.Span);
    }

    [RedisFact]
    public async Task A_request_that_was_made_stands_though_it_cannot_be_shown()
    {
        var blind = new RedisApprovalStore(redis.Connection, RedisApprovalHarness.OptionsOf("blind:", new BlindProtector()));

        ApprovalAnswer answer = await blind.AskAsync(Request(1));

        Assert.Equal(ApprovalAnswerKind.Requested, answer.Kind);
        Assert.True(answer.Approval!.Content.IsEmpty);
    }

    [RedisFact]
    public async Task A_server_that_is_away_fails_and_one_that_is_back_remembers()
    {
        await using var server = new RedisServer();
        await server.StartAsync();
        await using ConnectionMultiplexer connection = await server.ConnectAsync();
        RedisApprovalStoreOptions options = RedisApprovalHarness.OptionsOf("away:");
        options.Deadline = TimeSpan.FromSeconds(1);
        var store = new RedisApprovalStore(connection, options);
        await new RedisApprovalStore(connection, RedisApprovalHarness.OptionsOf("away:")).AskAsync(Request(1));
        await server.KillAsync();
        var failure = await Assert.ThrowsAsync<RedisStoreException>(async () => await store.SpendAsync(Use(1)));
        Assert.True(failure.Failure is RedisStoreFailure.Unavailable or RedisStoreFailure.Timeout);
        await server.StartAsync();
        await using ConnectionMultiplexer again = await server.ConnectAsync();
        var patient = new RedisApprovalStore(again, RedisApprovalHarness.OptionsOf("away:"));
        Assert.Equal(ApprovalStatus.Pending, await StatusAsync(patient, 1));
    }

    [RedisFact]
    public async Task A_silent_server_fails_at_the_deadline()
    {
        var time = new FakeTimeProvider();
        RedisApprovalStoreOptions options = RedisApprovalHarness.OptionsOf("silent:");
        (options.TimeProvider, options.Deadline) = (time, TimeSpan.FromSeconds(1));
        var store = new RedisApprovalStore(redis.Connection, options);
        await using ConnectionMultiplexer admin = await redis.Server.ConnectAsync(allowAdmin: true);
        await admin.GetDatabase().ExecuteAsync("CLIENT", "PAUSE", "60000", "WRITE");
        try
        {
            Task<StoredApproval?> pending = FindAsync(store, 1);
            Assert.False(pending.IsCompleted);
            time.Advance(TimeSpan.FromSeconds(1));
            var failure = await Assert.ThrowsAsync<RedisStoreException>(() => pending);
            Assert.Equal(RedisStoreFailure.Timeout, failure.Failure);
        }
        finally
        {
            await admin.GetDatabase().ExecuteAsync("CLIENT", "UNPAUSE");
        }
    }

    [RedisFact]
    public async Task A_full_server_fails_and_changes_nothing()
    {
        await using var server = new RedisServer();
        await server.StartAsync();
        await using ConnectionMultiplexer connection = await server.ConnectAsync(allowAdmin: true);
        var store = new RedisApprovalStore(connection, RedisApprovalHarness.OptionsOf("full:"));
        await store.AskAsync(Request(1, uses: 2));
        await store.AskAsync(Request(2));
        await store.ResolveAsync(Approve(1));
        await connection.GetDatabase().ExecuteAsync("CONFIG", "SET", "maxmemory", "1");
        Func<Task>[] operations =
        [
            () => store.AskAsync(Request(3)).AsTask(),
            () => store.SpendAsync(Use(1)).AsTask(),
            () => store.ResolveAsync(Refuse(2)).AsTask(),
        ];
        foreach (Func<Task> operation in operations)
        {
            Assert.Equal(RedisStoreFailure.Full, (await Assert.ThrowsAsync<RedisStoreException>(operation)).Failure);
        }

        await connection.GetDatabase().ExecuteAsync("CONFIG", "SET", "maxmemory", "0");
        Assert.Equal(2, (await FindAsync(store, 1))!.UsesLeft);
        Assert.Equal(ApprovalStatus.Pending, await StatusAsync(store, 2));
        Assert.Equal(ApprovalStatus.Unknown, await StatusAsync(store, 3));
        Assert.Equal(8, KeysOf(connection, store).Length);
    }

    [RedisFact]
    public async Task A_server_that_became_a_replica_fails()
    {
        await using var server = new RedisServer();
        await server.StartAsync();
        await using ConnectionMultiplexer connection = await server.ConnectAsync(allowAdmin: true);
        var store = new RedisApprovalStore(connection, RedisApprovalHarness.OptionsOf("replica:"));
        await store.AskAsync(Request(1));
        await connection.GetDatabase().ExecuteAsync("REPLICAOF", "127.0.0.1", "1");
        for (int i = 0; i < 2; i++)
        {
            // Not even what only looks is asked of a replica, whatever the client knows of its role.
            var failure = await Assert.ThrowsAsync<RedisStoreException>(() => FindAsync(store, 1));
            Assert.Equal(RedisStoreFailure.Unavailable, failure.Failure);
            await connection.ConfigureAsync();
        }
    }

    [RedisTheory]
    [InlineData("version")]
    [InlineData("records")]
    [InlineData("index")]
    [InlineData("next")]
    [InlineData("earliest")]
    [InlineData("bytes")]
    public async Task Nonsense_in_a_key_fails_and_nothing_is_written(string name)
    {
        RedisApprovalStore store = Open($"nonsense-{name}:");
        IDatabase database = redis.Connection.GetDatabase();
        await database.StringSetAsync(store.Keys.All.Single(key => key.ToString().EndsWith(name, StringComparison.Ordinal)), "soon");
        await RequireDamagedAsync(() => store.AskAsync(Request(1)).AsTask());
        await RequireDamagedAsync(() => FindAsync(store, 1));
        Assert.Single(KeysOf(redis.Connection, store));
    }

    /// <summary>What was evicted, or expired under a clock that ran ahead, isn't taken for what never was.</summary>
    [RedisTheory]
    [InlineData("version")]
    [InlineData("records")]
    [InlineData("index")]
    [InlineData("next")]
    [InlineData("earliest")]
    public async Task What_is_left_when_a_key_is_lost_is_damaged(string name)
    {
        RedisApprovalStore store = Open($"lost-{name}:");
        await store.AskAsync(Request(1));
        await store.ResolveAsync(Refuse(1));
        IDatabase database = redis.Connection.GetDatabase();
        await database.KeyDeleteAsync(store.Keys.All.Single(key => key.ToString().EndsWith(name, StringComparison.Ordinal)));
        await RequireDamagedAsync(() => store.AskAsync(Request(2, binding: 1)).AsTask());
    }

    [RedisTheory]
    [InlineData(Status, "allowed")]
    [InlineData(Status, "expired")]
    [InlineData(Left, "0x10")]
    [InlineData(Left, "-1")]
    [InlineData(Left, "1e1")]
    [InlineData(Left, "nan")]
    [InlineData(Left, "4")]
    [InlineData(Left, "0")]
    [InlineData(Left, "1|1")]
    [InlineData(Left, "99999999999999999999")]
    public async Task Nonsense_in_a_record_fails_and_spends_nothing(int field, string value)
    {
        RedisApprovalStore store = Open($"record-{field}-{value}:");
        await store.AskAsync(Request(1, uses: 3));
        await store.ResolveAsync(Approve(1));
        string damaged = await RewriteAsync(store, values => values[field] = value);
        await RequireDamagedAsync(() => store.SpendAsync(Use(1)).AsTask());
        await RequireDamagedAsync(() => store.ResolveAsync(Refuse(1)).AsTask());
        Assert.Equal(damaged, await redis.Connection.GetDatabase().HashGetAsync(store.Keys.Records, Id(1)));
    }

    [RedisTheory]
    [InlineData(Status, "allowed")]
    [InlineData(10, "1001")]
    [InlineData(2, "%00zz")]
    [InlineData(16, "ann")]
    public async Task Nonsense_in_a_record_is_not_shown(int field, string value)
    {
        RedisApprovalStore store = Open($"shown-{field}-{value}:");
        await store.AskAsync(Request(1));
        await RewriteAsync(store, values => values[field] = value);
        await RequireDamagedAsync(() => FindAsync(store, 1));
    }

    [RedisTheory]
    [InlineData("3", "3")]
    [InlineData("17", "17")]
    public async Task Refuses_another_version_by_name_and_leaves_it_alone(string version, string named)
    {
        RedisApprovalStore store = Open($"version-{version}:");
        IDatabase database = redis.Connection.GetDatabase();
        await database.StringSetAsync($"{{version-{version}:}}approvals|version", version);
        var failure = await Assert.ThrowsAsync<RedisStoreException>(async () => await store.AskAsync(Request(1)));
        Assert.Equal(RedisStoreFailure.OtherVersion, failure.Failure);
        Assert.Equal(
            $"The approvals in Redis have version {named}; this package understands version 1. Use the package that wrote them or another "
                + "key prefix, or delete the approvals' keys: what was asked for and answered is forgotten.",
            failure.Message);
        Assert.Single(KeysOf(redis.Connection, store));
    }

    private static async Task RequireDamagedAsync(Func<Task> operation)
    {
        var failure = await Assert.ThrowsAsync<RedisStoreException>(operation);
        Assert.Equal((RedisStoreFailure.Damaged, "The approvals in Redis are damaged."), (failure.Failure, failure.Message));
    }

    private async Task<string> RewriteAsync(RedisApprovalStore store, Action<string[]> rewrite)
    {
        IDatabase database = redis.Connection.GetDatabase();
        string[] values = ((string)(await database.HashGetAsync(store.Keys.Records, Id(1)))!).Split('|');
        rewrite(values);
        string record = string.Join('|', values);
        await database.HashSetAsync(store.Keys.Records, Id(1), record);
        return record;
    }

    private RedisApprovalStore Open(string prefix) => new(redis.Connection, RedisApprovalHarness.OptionsOf(prefix));

    private sealed class BrokenProtector : IApprovalProtector
    {
        public ValueTask<ReadOnlyMemory<byte>> ProtectAsync(
            ProtectedApproval subject, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default) =>
            throw new InvalidOperationException("No key.");

        public ValueTask<ReadOnlyMemory<byte>?> UnprotectAsync(
            ProtectedApproval subject, ReadOnlyMemory<byte> kept, CancellationToken cancellationToken = default) =>
            throw new InvalidOperationException("No key.");
    }

    private sealed class SilentProtector : IApprovalProtector
    {
        public ValueTask<ReadOnlyMemory<byte>> ProtectAsync(
            ProtectedApproval subject, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default) =>
            new(new TaskCompletionSource<ReadOnlyMemory<byte>>().Task);

        public ValueTask<ReadOnlyMemory<byte>?> UnprotectAsync(
            ProtectedApproval subject, ReadOnlyMemory<byte> kept, CancellationToken cancellationToken = default) =>
            new(new TaskCompletionSource<ReadOnlyMemory<byte>?>().Task);
    }

    private sealed class BlindProtector : IApprovalProtector
    {
        public ValueTask<ReadOnlyMemory<byte>> ProtectAsync(
            ProtectedApproval subject, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => new(content);

        public ValueTask<ReadOnlyMemory<byte>?> UnprotectAsync(
            ProtectedApproval subject, ReadOnlyMemory<byte> kept, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("No key.");
    }
}
