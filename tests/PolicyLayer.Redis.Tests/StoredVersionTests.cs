using PolicyLayer.Counters;
using PolicyLayer.Redis;
using PolicyLayer.Testing;
using StackExchange.Redis;

namespace PolicyLayer.Tests.Redis;

/// <summary>
/// What another version stored is refused by name. The keys of version 1 were written by the first code that had this store, and are kept
/// here for ever.
/// </summary>
public sealed class StoredVersionTests(RedisFixture redis) : IClassFixture<RedisFixture>
{
    private static readonly CounterDefinition Calls = CaseStore.Definition("calls", policy: "shop");

    private static readonly CounterDefinition Rate =
        CaseStore.Definition("rate", CounterScope.Session, 3_600, CounterAlgorithm.Sliding, policy: "shop");

    /// <summary>Version 1 had the time alone in its clock, and no version in its keys.</summary>
    [RedisTheory]
    [InlineData("1795671987278", "1")]
    [InlineData("1:1795671987278", "1")]
    [InlineData("3:1795671987278", "3")]
    [InlineData("17:whatever will be", "17")]
    public async Task Refuses_another_version_by_name_and_leaves_it_alone(string clock, string version)
    {
        string prefix = $"version-{version}-{clock.Length}:";
        var store = new RedisCounterStore(redis.Connection, new RedisCounterStoreOptions { KeyPrefix = prefix });
        IDatabase database = redis.Connection.GetDatabase();
        string slot = "{" + prefix + "shop}:";
        await database.StringSetAsync(slot + "clock", clock);
        await database.HashSetAsync(slot + "shop|calls|grant|g||2678400|fixed", "670", "3000000");
        var failure = await Assert.ThrowsAsync<RedisStoreException>(
            () => store.ReserveAsync(CaseStore.Request(Calls, CounterDemand.Largest)).AsTask());
        Assert.Equal(RedisStoreFailure.OtherVersion, failure.Failure);
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
    public async Task Reads_no_counter_of_version_1_as_its_own()
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
        Assert.Equal("{policylayer:shop}:clock", store.Keys.ClockKey("shop"));
        Assert.Equal("2:1795671987278", RedisKeys.ClockValue(1_795_671_987_278));
        Assert.Equal(
            "{policylayer:shop}:v2|shop|rate|session|ci%007c1|s-1|3600|sliding", store.Keys.KeyOf(new CounterKey(Rate, "ci|1", "s-1")));
        CounterDefinition values = CaseStore.Definition(
            "rate", CounterScope.Policy, 60, kind: CounterKind.Mark, policy: "shop", isPartitioned: true);
        string digest = new('a', 32);
        Assert.Equal(
            $"{{policylayer:shop}}:v2|shop|rate|policy|||60|fixed|mark|{digest}",
            store.Keys.KeyOf(new CounterKey(values, "g", "s", digest)));
        Assert.Equal("{policylayer:shop}:v2|holders|shop|ci%007c1", store.Keys.HoldersKey("shop", "ci|1"));
    }
}
