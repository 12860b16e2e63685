using Microsoft.Data.Sqlite;
using PolicyLayer.Counters;
using PolicyLayer.Redis;
using PolicyLayer.Sqlite;
using PolicyLayer.Testing;
using StackExchange.Redis;

namespace PolicyLayer.Tests;

/// <summary>
/// What another version stored is read as what it is, or refused by name. The fixtures are kept for ever: <c>version-1.db</c> and the keys
/// of Redis' version 1 were written by the first code that had these stores.
/// </summary>
public sealed class StoredVersionTests(RedisFixture redis) : IClassFixture<RedisFixture>, IDisposable
{
    private static readonly CounterDefinition Calls = CaseStore.Definition("calls", policy: "shop");

    private static readonly CounterDefinition Rate =
        CaseStore.Definition("rate", CounterScope.Session, 3_600, CounterAlgorithm.Sliding, policy: "shop");

    private static readonly CounterDefinition All = CaseStore.Definition("all", CounterScope.Policy, 86_400, policy: "shop");

    private readonly SqliteHarness _sqlite = new();

    [Fact]
    public async Task Sqlite_counts_on_in_a_file_of_version_1()
    {
        using SqliteCounterStore store = Copy("version-1.db");
        CaseLimit[] limits = [new(Calls, 3_500_000), new(Rate, 3_000_000), new(All, 15)];
        CounterRequest request = CaseStore.Request(limits, [500_001, 1_000_001, 2], "ci|1", "s-1", CaseStores.Start + 100_000);
        CounterReservation refusal = await store.ReserveAsync(request);
        Assert.Equal([3_000_000, 2_000_000, 14], Enumerable.Range(0, 3).Select(refusal.GetUsedMillionths));
        request = CaseStore.Request(limits, [500_000, 1_000_000, 1], "ci|1", "s-1", CaseStores.Start + 100_000);
        Assert.Equal(CounterReservationStatus.Admitted, (await store.ReserveAsync(request)).Status);
    }

    [Theory]
    [InlineData("version-2.db", 2, SqliteCounterStoreFailure.NewerSchema)]
    [InlineData("version-1.db", 0, SqliteCounterStoreFailure.OlderSchema)]
    public async Task Sqlite_refuses_another_version_by_name_and_leaves_it_alone(
        string fixture, int version, SqliteCounterStoreFailure kind)
    {
        using SqliteCounterStore store = Copy(fixture);
        if (version == 0)
        {
            Change("PRAGMA user_version = 0");
        }

        string before = Contents();
        var failure = await Assert.ThrowsAsync<SqliteCounterStoreException>(
            () => store.ReserveAsync(CaseStore.Request(Calls, CounterDemand.Largest)).AsTask());
        Assert.Equal(kind, failure.Failure);
        Assert.StartsWith(
            $"The counter database has version {version}; this package understands version 1. Use the package that wrote it, or ",
            failure.Message,
            StringComparison.Ordinal);
        Assert.Equal(before, Contents());
    }

    /// <summary>Version 1 had the time alone in its clock, and no version in its keys.</summary>
    [RedisTheory]
    [InlineData("1795671987278", "1")]
    [InlineData("1:1795671987278", "1")]
    [InlineData("3:1795671987278", "3")]
    [InlineData("17:whatever will be", "17")]
    public async Task Redis_refuses_another_version_by_name_and_leaves_it_alone(string clock, string version)
    {
        string prefix = $"version-{version}-{clock.Length}:";
        var store = new RedisCounterStore(redis.Connection, new RedisCounterStoreOptions { KeyPrefix = prefix });
        IDatabase database = redis.Connection.GetDatabase();
        string slot = "{" + prefix + "shop}:";
        await database.StringSetAsync(slot + "clock", clock);
        await database.HashSetAsync(slot + "shop|calls|grant|g||2678400|fixed", "670", "3000000");
        var failure = await Assert.ThrowsAsync<RedisCounterStoreException>(
            () => store.ReserveAsync(CaseStore.Request(Calls, CounterDemand.Largest)).AsTask());
        Assert.Equal(RedisCounterStoreFailure.OtherVersion, failure.Failure);
        Assert.StartsWith(
            $"The counters in Redis have version {version}; this package understands version 2. "
                + "Use the package that wrote them or another ",
            failure.Message,
            StringComparison.Ordinal);
        Assert.Equal(clock, await database.StringGetAsync(slot + "clock"));
        Assert.Equal("3000000", await database.HashGetAsync(slot + "shop|calls|grant|g||2678400|fixed", "670"));
    }

    /// <summary>Should the clock of version 1 have gone, its counters are still not taken for ours.</summary>
    [RedisFact]
    public async Task Redis_reads_no_counter_of_version_1_as_its_own()
    {
        var store = new RedisCounterStore(redis.Connection, new RedisCounterStoreOptions { KeyPrefix = "{lost}:" });
        await redis.Connection.GetDatabase().StringSetAsync("{lost}:shop|calls|grant|g||2678400|fixed", "anything");
        Assert.Equal(0, await new CaseStore(store, default).UsedAsync(Calls));
    }

    /// <summary>Redis finds counters by these: they may not change without a new version.</summary>
    [RedisFact]
    public void The_keys_of_version_2_are_the_same_in_every_version_of_the_package()
    {
        var store = new RedisCounterStore(redis.Connection);
        Assert.Equal("{policylayer:shop}:clock", store.ClockKey("shop"));
        Assert.Equal("2:1795671987278", RedisCounterStore.ClockValue(1_795_671_987_278));
        Assert.Equal(
            "{policylayer:shop}:v2|shop|rate|session|ci%007c1|s-1|3600|sliding", store.KeyOf(new CounterKey(Rate, "ci|1", "s-1")));
    }

    public void Dispose() => _sqlite.Dispose();

    private SqliteCounterStore Copy(string fixture)
    {
        File.Copy(Path.Combine(AppContext.BaseDirectory, "fixtures", fixture), _sqlite.PathOf("old"));
        return new SqliteCounterStore(new SqliteCounterStoreOptions { Path = _sqlite.PathOf("old") });
    }

    private void Change(string text) => Run(text, command => command.ExecuteNonQuery());

    private string Contents() => Run(
        "SELECT group_concat(key || hex(state)) || (SELECT user_version FROM pragma_user_version) FROM counters",
        command => (string)command.ExecuteScalar()!);

    private T Run<T>(string text, Func<SqliteCommand, T> run)
    {
        using var connection = new SqliteConnection($"Data Source={_sqlite.PathOf("old")};Pooling=False");
        connection.Open();
#pragma warning disable CA2100 // Constants, all of them.
        using var command = new SqliteCommand(text, connection);
#pragma warning restore CA2100
        return run(command);
    }
}
