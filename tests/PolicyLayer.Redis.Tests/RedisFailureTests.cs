using Microsoft.Extensions.Time.Testing;
using PolicyLayer.Counters;
using PolicyLayer.Redis;
using PolicyLayer.Testing;
using StackExchange.Redis;

namespace PolicyLayer.Tests.Redis;

/// <summary>A server that is away, slow or holds nonsense gives a typed error; one that forgot the scripts is told them again.</summary>
public sealed class RedisFailureTests(RedisFixture redis) : IClassFixture<RedisFixture>
{
    private static readonly CounterDefinition Counter = CaseStore.Definition("c");

    [RedisFact]
    public async Task A_server_that_forgot_the_scripts_is_told_them_again()
    {
        RedisCounterStore store = Open("flushed:");
        await store.ReserveAsync(Request());
        await redis.Connection.GetDatabase().ExecuteAsync("SCRIPT", "FLUSH");
        Assert.Equal(CounterReservationStatus.Admitted, (await store.ReserveAsync(Request())).Status);
    }

    [RedisFact]
    public async Task A_server_that_is_away_fails_and_one_that_is_back_answers()
    {
        await using var server = new RedisServer();
        await server.StartAsync();
        await using ConnectionMultiplexer connection = await server.ConnectAsync();
        var store = new RedisCounterStore(connection);
        await store.ReserveAsync(Request());
        await server.KillAsync();
        var failure = await Assert.ThrowsAsync<RedisStoreException>(() => store.ReserveAsync(Request()).AsTask());
        Assert.True(failure.Failure is RedisStoreFailure.Unavailable or RedisStoreFailure.Timeout);
        await server.StartAsync();
        var patient = new RedisCounterStore(connection, new RedisCounterStoreOptions { Deadline = TimeSpan.FromMinutes(1) });
        CounterReservation reservation = default;
        while (reservation.Status != CounterReservationStatus.Admitted)
        {
            try
            {
                reservation = await patient.ReserveAsync(Request());
            }
            catch (RedisStoreException)
            {
                await Task.Delay(50);
            }
        }

        long used = await new CaseStore(patient, default).UsedAsync(Counter);
        Assert.InRange(used, 2 * CounterDemand.Unit, 3 * CounterDemand.Unit);
    }

    [RedisFact]
    public async Task A_silent_server_fails_at_the_deadline()
    {
        var time = new FakeTimeProvider();
        var store = new RedisCounterStore(redis.Connection, new RedisCounterStoreOptions { KeyPrefix = "silent:", TimeProvider = time });
        await using ConnectionMultiplexer admin = await redis.Server.ConnectAsync(allowAdmin: true);
        await admin.GetDatabase().ExecuteAsync("CLIENT", "PAUSE", "60000", "WRITE");
        try
        {
            Task<CounterReservation> pending = store.ReserveAsync(Request()).AsTask();
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

    [RedisTheory]
    [InlineData("clock")]
    [InlineData("counter")]
    public async Task Nonsense_in_the_keys_fails(string what)
    {
        RedisCounterStore store = Open($"nonsense-{what}:");
        IDatabase database = redis.Connection.GetDatabase();
        string key = what == "clock" ? store.Keys.ClockKey("conformance") : store.Keys.KeyOf(Request()[0].Key);
        await database.StringSetAsync(key, what == "clock" ? "soon" : "five");
        var failure = await Assert.ThrowsAsync<RedisStoreException>(() => store.ReserveAsync(Request()).AsTask());
        Assert.Equal(RedisStoreFailure.Damaged, failure.Failure);
    }

    /// <summary>Lua reads some texts as numbers that Redis doesn't count with, and one that isn't less than anything.</summary>
    [RedisTheory]
    [InlineData("nan")]
    [InlineData("inf")]
    [InlineData("-5")]
    [InlineData("0x10")]
    [InlineData("1e3")]
    [InlineData("007")]
    [InlineData("1.5")]
    [InlineData("99999999999999999999")]
    public async Task Nonsense_in_a_charge_fails_and_charges_nothing(string charge)
    {
        RedisCounterStore store = Open($"charge-{charge}:");
        CounterDefinition damaged = CaseStore.Definition("damaged");
        CounterRequest request = CaseStore.Request([new(Counter, CounterDemand.Largest), new(damaged, CounterDemand.Largest)]);
        await store.ReserveAsync(request);
        IDatabase database = redis.Connection.GetDatabase();
        string key = store.Keys.KeyOf(request[1].Key);
        HashEntry entry = (await database.HashGetAllAsync(key)).Single();
        await database.HashSetAsync(key, entry.Name, charge);
        var failure = await Assert.ThrowsAsync<RedisStoreException>(() => store.ReserveAsync(request).AsTask());
        Assert.Equal(RedisStoreFailure.Damaged, failure.Failure);
        Assert.Equal(CounterDemand.Unit, await new CaseStore(store, default).UsedAsync(Counter));
    }

    [RedisTheory]
    [InlineData("nan")]
    [InlineData("inf")]
    [InlineData("99999999999999999999")]
    public async Task Nonsense_in_the_clock_fails(string clock)
    {
        RedisCounterStore store = Open($"clock-{clock}:");
        await redis.Connection.GetDatabase().StringSetAsync(store.Keys.ClockKey("conformance"), clock);
        var failure = await Assert.ThrowsAsync<RedisStoreException>(() => store.ReserveAsync(Request()).AsTask());
        Assert.Equal(RedisStoreFailure.Damaged, failure.Failure);
    }

    [RedisFact]
    public async Task A_full_server_fails_and_charges_nothing()
    {
        await using var server = new RedisServer();
        await server.StartAsync();
        await using ConnectionMultiplexer connection = await server.ConnectAsync(allowAdmin: true);
        var store = new RedisCounterStore(connection, new RedisCounterStoreOptions { Deadline = TimeSpan.FromMinutes(1) });
        CounterDefinition other = CaseStore.Definition("other", CounterScope.Policy);
        CounterRequest request = CaseStore.Request([new(Counter, CounterDemand.Largest), new(other, CounterDemand.Largest)]);
        await store.ReserveAsync(request);
        IDatabase database = connection.GetDatabase();
        await database.ExecuteAsync("CONFIG", "SET", "maxmemory", "1");
        var failure = await Assert.ThrowsAsync<RedisStoreException>(() => store.ReserveAsync(request).AsTask());
        Assert.Equal(RedisStoreFailure.Full, failure.Failure);
        await database.ExecuteAsync("CONFIG", "SET", "maxmemory", "0");
        Assert.Equal(CounterDemand.Unit, await new CaseStore(store, default).UsedAsync(Counter));
        Assert.Equal(CounterDemand.Unit, await new CaseStore(store, default).UsedAsync(other));
    }

    [RedisFact]
    public async Task A_server_that_became_a_replica_fails()
    {
        await using var server = new RedisServer();
        await server.StartAsync();
        await using ConnectionMultiplexer connection = await server.ConnectAsync(allowAdmin: true);
        var store = new RedisCounterStore(connection, new RedisCounterStoreOptions { Deadline = TimeSpan.FromMinutes(1) });
        await store.ReserveAsync(Request());
        await connection.GetDatabase().ExecuteAsync("REPLICAOF", "127.0.0.1", "1");
        for (int i = 0; i < 2; i++)
        {
            var failure = await Assert.ThrowsAsync<RedisStoreException>(() => store.ReserveAsync(Request()).AsTask());
            Assert.Equal(RedisStoreFailure.Unavailable, failure.Failure);

            // The client learns of the new role: it doesn't even ask then.
            await connection.ConfigureAsync();
        }
    }

    [RedisFact]
    public async Task A_connection_that_was_disposed_fails()
    {
        ConnectionMultiplexer connection = await redis.Server.ConnectAsync();
        var store = new RedisCounterStore(connection);
        await connection.DisposeAsync();
        var failure = await Assert.ThrowsAsync<RedisStoreException>(() => store.ReserveAsync(Request()).AsTask());
        Assert.Equal(RedisStoreFailure.Unavailable, failure.Failure);
    }

    [Theory]
    [InlineData("LOADING Redis is loading the dataset in memory", RedisStoreFailure.Unavailable)]
    [InlineData("READONLY You can't write against a read only replica.", RedisStoreFailure.Unavailable)]
    [InlineData("MASTERDOWN Link with MASTER is down", RedisStoreFailure.Unavailable)]
    [InlineData("CLUSTERDOWN The cluster is down", RedisStoreFailure.Unavailable)]
    [InlineData("TRYAGAIN Multiple keys request during rehashing of slot", RedisStoreFailure.Unavailable)]
    [InlineData("BUSY Redis is busy running a script.", RedisStoreFailure.Unavailable)]
    [InlineData("MISCONF Errors writing to the AOF file", RedisStoreFailure.Unavailable)]
    [InlineData("NOREPLICAS Not enough good replicas to write.", RedisStoreFailure.Unavailable)]
    [InlineData("OOM command not allowed when used memory > 'maxmemory'.", RedisStoreFailure.Full)]
    [InlineData("DAMAGED counter", RedisStoreFailure.Damaged)]
    [InlineData("WRONGTYPE Operation against a key holding the wrong kind of value", RedisStoreFailure.Damaged)]
    [InlineData("OUTSIDE the windows of the request", RedisStoreFailure.ClockApart)]
    [InlineData("NOPERM this user has no permissions", RedisStoreFailure.Other)]
    public void Errors_of_the_server_have_their_failure(string error, RedisStoreFailure failure) =>
        Assert.Equal(failure, RedisFailures.OfCounters.From(error).Failure);

    [RedisTheory]
    [InlineData("{}:")]
    [InlineData("{open:")]
    [InlineData("a}{b")]
    [InlineData("a{}b{c}")]
    [InlineData("}x")]
    public void A_prefix_that_would_scatter_the_keys_is_refused(string prefix) =>
        Assert.Throws<ArgumentException>(
            () => new RedisCounterStore(redis.Connection, new RedisCounterStoreOptions { KeyPrefix = prefix }));

    [RedisTheory]
    [InlineData("p:", "}odd{")]
    [InlineData("p:", "{x}")]
    [InlineData("p:", "")]
    [InlineData("p:", "a\0b\ud800 c")]
    [InlineData("{all}:", "}odd{")]
    [InlineData("x{all}:", "a")]
    public async Task Whatever_a_policy_is_called_its_keys_share_a_slot(string prefix, string policy)
    {
        RedisCounterStore store = Open(prefix);
        CaseLimit[] limits =
        [
            new(CaseStore.Definition("a", windowSeconds: 60, policy: policy), CounterDemand.Largest),
            new(CaseStore.Definition("}b{", CounterScope.Policy, 60, policy: policy), CounterDemand.Largest),
        ];
        RedisKey[] before = [.. redis.Connection.GetServers().Single().Keys()];
        await store.ReserveAsync(CaseStore.Request(limits, grantId: "{g}"));
        RedisKey[] keys = [.. redis.Connection.GetServers().Single().Keys().Except(before)];
        Assert.InRange(keys.Length, 2, 3);
        Assert.Single(keys.Append(store.Keys.ClockKey(policy)).Select(key => redis.Connection.HashSlot(key)).Distinct());
    }

    /// <summary>A counter has at most 62 fields: the buckets that count, and one that will be deleted with the next charge.</summary>
    [RedisFact]
    public async Task Charges_that_no_longer_count_are_deleted()
    {
        CounterDefinition sliding = CaseStore.Definition("stale", windowSeconds: 60, algorithm: CounterAlgorithm.Sliding);
        var harness = new RedisHarness(redis.Connection, fakeClock: true);
        ICounterStore store = await harness.OpenAsync(new CounterStoreOpening("stale"), default);
        string key = Open("stale:").Keys.KeyOf(CaseStore.Request(sliding, 1)[0].Key);
        for (int second = 0; second < 200; second++)
        {
            await store.ReserveAsync(CaseStore.Request(sliding, CounterDemand.Largest, CaseStores.Start + (second * 1_000L)));
            Assert.Equal(Math.Min(second + 1, 61), await redis.Connection.GetDatabase().HashLengthAsync(key));
        }
    }

    [RedisFact]
    public async Task Every_key_of_a_policy_expires_and_shares_a_slot()
    {
        RedisCounterStore store = Open("expiring:");
        CaseLimit[] limits =
        [
            new(Counter, CounterDemand.Largest),
            new(CaseStore.Definition("p", CounterScope.Policy), CounterDemand.Largest),
            new(CaseStore.Definition("s", CounterScope.Session, algorithm: CounterAlgorithm.Sliding), CounterDemand.Largest),
            new(CaseStore.Definition("v", CounterScope.Policy, isPartitioned: true), CounterDemand.Largest),
        ];
        await store.ReserveAsync(CaseStore.Request(limits));
        IDatabase database = redis.Connection.GetDatabase();
        RedisKey[] keys = [.. redis.Connection.GetServers().Single().Keys(pattern: "{expiring:*")];
        Assert.Equal(6, keys.Length);
        Assert.All(keys, key => Assert.NotNull(database.KeyTimeToLive(key)));
        Assert.Single(keys.Select(key => redis.Connection.HashSlot(key)).Distinct());
    }

    private static CounterRequest Request() => CaseStore.Request(Counter, CounterDemand.Largest);

    private RedisCounterStore Open(string prefix) => new(
        redis.Connection, new RedisCounterStoreOptions { KeyPrefix = prefix, Deadline = TimeSpan.FromMinutes(1) });
}
