using PolicyLayer.Counters;
using PolicyLayer.Redis;
using PolicyLayer.Testing;
using StackExchange.Redis;

namespace PolicyLayer.Tests;

/// <summary>Storages are key prefixes of one server. On a fake clock, the policy's clock in Redis is set ahead to the request's time.</summary>
public sealed class RedisHarness(IConnectionMultiplexer connection, bool fakeClock) : CounterStoreHarness
{
    public override CounterStoreCapabilities Capabilities => CounterStoreCapabilities.Durable | CounterStoreCapabilities.Shared
        | (fakeClock ? CounterStoreCapabilities.RequestTime : CounterStoreCapabilities.None);

    public override ValueTask<ICounterStore> OpenAsync(CounterStoreOpening opening, CancellationToken cancellationToken)
    {
        var options = new RedisCounterStoreOptions { KeyPrefix = opening.Storage + ":", Deadline = TimeSpan.FromMinutes(1) };
        var store = new RedisCounterStore(connection, options);
        return new(fakeClock ? new SteppedRedisStore(store, connection.GetDatabase()) : store);
    }
}

/// <summary>A Redis store that goes by the requests' times, as far as they are ahead of the server's.</summary>
internal sealed class SteppedRedisStore(RedisCounterStore store, IDatabase database) : ICounterStore
{
    private const string StepForward =
        """
        local seen = tonumber(redis.call('GET', KEYS[1]) or '0')
        if seen < tonumber(ARGV[1]) then redis.call('SET', KEYS[1], ARGV[1]) end
        """;

    public async ValueTask<CounterReservation> ReserveAsync(CounterRequest request, CancellationToken cancellationToken = default)
    {
        await database.ScriptEvaluateAsync(
            StepForward, [store.ClockKey(request[0].Key.Definition.PolicyName)], [request.UnixMilliseconds]);
        return await store.ReserveAsync(request, cancellationToken);
    }

    public ValueTask ReleaseAsync(CounterRelease release, CancellationToken cancellationToken = default) =>
        store.ReleaseAsync(release, cancellationToken);
}
