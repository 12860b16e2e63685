using PolicyLayer.Counters;
using PolicyLayer.Redis;
using PolicyLayer.Testing;
using StackExchange.Redis;

namespace PolicyLayer.Tests.Redis;

/// <summary>The keys of a policy, which ones are found again, and which commands they cost.</summary>
public sealed class RedisKeysTests(RedisFixture redis) : IClassFixture<RedisFixture>
{
    private static readonly CounterDefinition Values = CaseStore.Definition("values", CounterScope.Policy, isPartitioned: true);

    [RedisTheory]
    [InlineData("p*[x]?\\^:", "a")]
    [InlineData("list:", "}:v2|odd{")]
    [InlineData("{tag}:v2|", "v2|")]
    [InlineData("list:", "a:v2|b|c|grant|g||60|fixed")]
    public async Task A_list_finds_the_keys_of_its_prefix_alone(string prefix, string policy)
    {
        RedisCounterStore store = Open(prefix);
        CounterRequest request = CaseStore.Request(CaseStore.Definition("c", policy: policy), CounterDemand.Unit);
        await store.ReserveAsync(request);
        await Open("p" + prefix).ReserveAsync(request);
        await Open("pppx:").ReserveAsync(request);
        IDatabase database = redis.Connection.GetDatabase();
        string slot = store.Keys.ClockKey(policy)[..^"clock".Length];
        await database.StringSetAsync(slot + "v2|foreign", "anything");
        await database.StringSetAsync(slot + "v2|a|b|c|grant|g||sixty|fixed", "anything");
        var listed = new List<CounterKey>();
        await foreach (CounterStatus status in store.ListAsync())
        {
            listed.Add(status.Key);
        }

        Assert.Equal([request[0].Key], listed.Where(key => key.Definition.PolicyName == policy));
    }

    [RedisFact]
    public async Task A_damaged_counter_fails_a_list()
    {
        RedisCounterStore store = Open("listed-damage:");
        CounterRequest request = CaseStore.Request(CaseStore.Definition("c"), CounterDemand.Unit);
        await store.ReserveAsync(request);
        await redis.Connection.GetDatabase().HashSetAsync(store.Keys.KeyOf(request[0].Key), "670", "many");
        var failure = await Assert.ThrowsAsync<RedisStoreException>(
            async () => await store.ListAsync().GetAsyncEnumerator().MoveNextAsync());
        Assert.Equal(RedisStoreFailure.Damaged, failure.Failure);
    }

    [RedisFact]
    public async Task A_damaged_list_of_what_a_grant_holds_fails_and_charges_nothing()
    {
        RedisCounterStore store = Open("holders-damage:");
        CaseLimit plain = new(CaseStore.Definition("plain"), CounterDemand.Largest);
        await redis.Connection.GetDatabase().StringSetAsync(store.Keys.HoldersKey("conformance", "g"), "anything");
        CounterRequest request = CaseStore.Request([plain, new(Values, CounterDemand.Largest)]);
        var failure = await Assert.ThrowsAsync<RedisStoreException>(() => store.ReserveAsync(request).AsTask());
        Assert.Equal(RedisStoreFailure.Damaged, failure.Failure);
        Assert.Equal(0, await new CaseStore(store, default).UsedAsync(plain.Definition));
    }

    [RedisTheory]
    [InlineData("policies:")]
    [InlineData("{policies}:")]
    public async Task Policies_have_bounds_of_their_own(string prefix)
    {
        RedisCounterStore store = Open(prefix, maxCountersPerGrant: 1);
        foreach (string policy in (string[])["a", "b", "", "a|g", "holders"])
        {
            CounterDefinition values = CaseStore.Definition("values", policy: policy, isPartitioned: true);
            CounterRequest Of(string value) => CaseStore.Request([new CaseLimit(values, CounterDemand.Unit, Value: value)]);
            var cases = new CaseStore(store, default);
            await cases.AdmitAsync(Of("1"));
            Assert.Equal(CounterReservationStatus.AtCapacity, (await cases.ReserveAsync(Of("2"))).Status);
        }
    }

    /// <summary>Text in UTF-8 has no lone surrogates.</summary>
    [RedisFact]
    public async Task Odd_grants_have_bounds_of_their_own()
    {
        RedisCounterStore store = Open("odd-grants:", maxCountersPerGrant: 1);
        foreach (string grant in (string[])["", "g", "g\0a", "g\0b", "g\ud800", "g\ud801", "g|", "g%007c", "holders"])
        {
            CaseLimit Of(string value) => new(Values, CounterDemand.Unit, Value: grant + value);
            var cases = new CaseStore(store, default);
            await cases.AdmitAsync(CaseStore.Request([Of("1")], grantId: grant));
            CounterReservation full = await cases.ReserveAsync(CaseStore.Request([Of("2")], grantId: grant));
            Assert.Equal(CounterReservationStatus.AtCapacity, full.Status);
        }
    }

    /// <summary>What limits without values cost doesn't grow with what others can do.</summary>
    [RedisFact]
    public async Task Plain_counters_cost_the_commands_that_they_did()
    {
        await using var server = new RedisServer();
        await server.StartAsync(appendFsync: "no");
        await using ConnectionMultiplexer connection = await server.ConnectAsync(allowAdmin: true);
        var store = new RedisCounterStore(connection, new RedisCounterStoreOptions { Deadline = TimeSpan.FromMinutes(1) });
        CaseLimit[] plain =
        [
            new(CaseStore.Definition("a"), CounterDemand.Largest),
            new(CaseStore.Definition("b", CounterScope.Policy, algorithm: CounterAlgorithm.Sliding), CounterDemand.Largest),
        ];

        // The first call of each tells the server the script.
        CounterRequest first = CaseStore.Request(CaseStore.Definition("first"), CounterDemand.Largest);
        await store.ReleaseAsync(new CounterRelease(first, await store.ReserveAsync(first)));
        CounterRequest request = CaseStore.Request(plain);
        Assert.Equal(
            "evalsha get hgetall*2 hincrby*2 pexpireat*2 set time", await CommandsOfAsync(() => store.ReserveAsync(request).AsTask()));
        Assert.Equal(
            "evalsha get hgetall*2 time", await CommandsOfAsync(() => store.ReserveAsync(CaseStore.LookOf(request)).AsTask()));
        Assert.Equal(
            "evalsha hmget*2", await CommandsOfAsync(() => store.ReleaseAsync(new CounterRelease(request, default)).AsTask()));

        async Task<string> CommandsOfAsync(Func<Task> act)
        {
            IServer admin = connection.GetServers().Single();
            await admin.ConfigResetStatisticsAsync();
            await act();
            IGrouping<string, KeyValuePair<string, string>>[] info = await admin.InfoAsync("commandstats");
            return string.Join(' ', info.SelectMany(group => group)
                .Select(stat => (Name: stat.Key["cmdstat_".Length..], Calls: stat.Value.Split(',')[0]["calls=".Length..]))
                .Where(stat => stat.Name is not ("ping" or "info" or "config|resetstat"))
                .Where(stat => !stat.Name.StartsWith("client", StringComparison.Ordinal))
                .Select(stat => stat.Calls == "1" ? stat.Name : $"{stat.Name}*{stat.Calls}")
                .Order(StringComparer.Ordinal));
        }
    }

    private RedisCounterStore Open(string prefix, int maxCountersPerGrant = 10_000) => new(
        redis.Connection,
        new RedisCounterStoreOptions
        {
            KeyPrefix = prefix,
            Deadline = TimeSpan.FromMinutes(1),
            MaxCountersPerGrant = maxCountersPerGrant,
        });
}
