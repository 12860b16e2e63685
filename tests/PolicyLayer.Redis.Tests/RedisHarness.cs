using PolicyLayer.Counters;
using PolicyLayer.Redis;
using PolicyLayer.Testing;
using StackExchange.Redis;

namespace PolicyLayer.Tests.Redis;

/// <summary>
/// Storages are key prefixes of one server. On a fake clock, the script reads the request's time where it would ask the server's.
/// </summary>
public sealed class RedisHarness(IConnectionMultiplexer connection, bool fakeClock) : CounterStoreHarness
{
    public override CounterStoreCapabilities Capabilities => CounterStoreCapabilities.Durable | CounterStoreCapabilities.Shared
        | CounterStoreCapabilities.BoundedForValues | CounterStoreCapabilities.Inventory
        | (fakeClock ? CounterStoreCapabilities.RequestTime : CounterStoreCapabilities.None);

    public override ValueTask<ICounterStore> OpenAsync(CounterStoreOpening opening, CancellationToken cancellationToken)
    {
        var options = new RedisCounterStoreOptions { KeyPrefix = opening.Storage + ":", Deadline = TimeSpan.FromMinutes(1) };
        options.MaxCountersPerGrant = opening.MaxCountersPerGrant ?? options.MaxCountersPerGrant;
        return new(fakeClock
            ? new SteppedRedisStore(connection, options, opening.Storage + "-time")
            : new RedisCounterStore(connection, options));
    }
}

/// <summary>A Redis store whose server shows the time of the request.</summary>
internal sealed class SteppedRedisStore(IConnectionMultiplexer connection, RedisCounterStoreOptions options, string timeKey)
    : ICounterStore, ICounterInventory
{
    private readonly RedisCounterStore _store = new(
        connection, options, new RedisScripts($"redis.call('HMGET', '{timeKey}', 'seconds', 'microseconds')"));

    public async ValueTask<CounterReservation> ReserveAsync(CounterRequest request, CancellationToken cancellationToken = default)
    {
        (long seconds, long milliseconds) = Math.DivRem(request.Time.ToUnixTimeMilliseconds(), 1_000);
        await connection.GetDatabase().HashSetAsync(timeKey, [new("seconds", seconds), new("microseconds", (milliseconds * 1_000) + 999)]);
        return await _store.ReserveAsync(request, cancellationToken);
    }

    public ValueTask ReleaseAsync(CounterRelease release, CancellationToken cancellationToken = default) =>
        _store.ReleaseAsync(release, cancellationToken);

    public IAsyncEnumerable<CounterStatus> ListAsync(CancellationToken cancellationToken = default) => _store.ListAsync(cancellationToken);

    public ValueTask<bool> ResetAsync(CounterKey key, CancellationToken cancellationToken = default) =>
        _store.ResetAsync(key, cancellationToken);
}
