using Microsoft.Extensions.Time.Testing;
using PolicyLayer.Counters;
using PolicyLayer.Redis;
using PolicyLayer.Testing;
using StackExchange.Redis;

namespace PolicyLayer.Tests;

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
        var failure = await Assert.ThrowsAsync<RedisCounterStoreException>(() => store.ReserveAsync(Request()).AsTask());
        Assert.True(failure.Failure is RedisCounterStoreFailure.Unavailable or RedisCounterStoreFailure.Timeout);
        await server.StartAsync();
        var patient = new RedisCounterStore(connection, new RedisCounterStoreOptions { Deadline = TimeSpan.FromMinutes(1) });
        CounterReservation reservation = default;
        while (reservation.Status != CounterReservationStatus.Admitted)
        {
            try
            {
                reservation = await patient.ReserveAsync(Request());
            }
            catch (RedisCounterStoreException)
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
        await using ConnectionMultiplexer admin = await ConnectionMultiplexer.ConnectAsync(redis.Server.Configuration + ",allowAdmin=true");
        await admin.GetDatabase().ExecuteAsync("CLIENT", "PAUSE", "60000", "WRITE");
        try
        {
            Task<CounterReservation> pending = store.ReserveAsync(Request()).AsTask();
            Assert.False(pending.IsCompleted);
            time.Advance(TimeSpan.FromSeconds(1));
            var failure = await Assert.ThrowsAsync<RedisCounterStoreException>(() => pending);
            Assert.Equal(RedisCounterStoreFailure.Timeout, failure.Failure);
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
        string slot = store.ClockKey("conformance")[..^"clock".Length];
        await (what == "clock"
            ? database.StringSetAsync(slot + "clock", "soon")
            : database.StringSetAsync(slot + Request()[0].Key, "five"));
        var failure = await Assert.ThrowsAsync<RedisCounterStoreException>(() => store.ReserveAsync(Request()).AsTask());
        Assert.Equal(RedisCounterStoreFailure.Damaged, failure.Failure);
    }

    [RedisFact]
    public async Task Every_key_of_a_policy_expires_and_shares_a_slot()
    {
        RedisCounterStore store = Open("expiring:");
        CounterLimit[] limits =
        [
            new(Counter, CounterDemand.Largest),
            new(CaseStore.Definition("p", CounterScope.Policy), CounterDemand.Largest),
            new(CaseStore.Definition("s", CounterScope.Session, algorithm: CounterAlgorithm.Sliding), CounterDemand.Largest),
        ];
        await store.ReserveAsync(CaseStore.Request(limits));
        IDatabase database = redis.Connection.GetDatabase();
        RedisKey[] keys = [.. redis.Connection.GetServers().Single().Keys(pattern: "{expiring:*")];
        Assert.Equal(4, keys.Length);
        Assert.All(keys, key => Assert.NotNull(database.KeyTimeToLive(key)));
        Assert.Single(keys.Select(key => redis.Connection.HashSlot(key)).Distinct());
    }

    private static CounterRequest Request() => CaseStore.Request(Counter, CounterDemand.Largest);

    private RedisCounterStore Open(string prefix) => new(
        redis.Connection, new RedisCounterStoreOptions { KeyPrefix = prefix, Deadline = TimeSpan.FromMinutes(1) });
}
