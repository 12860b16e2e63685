using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using PolicyLayer.Counters;
using PolicyLayer.Redis;
using StackExchange.Redis;

namespace PolicyLayer.Benchmarks;

/// <summary>One caller's decision on Redis, beside the round trip of a script that does nothing. Needs redis-server.</summary>
[MemoryDiagnoser]
public class RedisCounterStoreBenchmarks : RedisBenchmark
{
    [Benchmark(Baseline = true)]
    public Task<RedisResult> BareScript() => BareAsync();

    [Benchmark]
    public ValueTask<CounterReservation> OneLimit() => Store.ReserveAsync(BenchmarkRequests.One());

    [Benchmark]
    public ValueTask<CounterReservation> ThreeLimits() => Store.ReserveAsync(BenchmarkRequests.Three());

    [Benchmark]
    public ValueTask<CounterReservation> SlidingLimit() => Store.ReserveAsync(BenchmarkRequests.Sliding());
}

/// <summary>
/// Sixty-four callers on Redis at once, per decision, beside as many of a script that does nothing and of a bare increment.
/// </summary>
[MemoryDiagnoser]
public class RedisThroughputBenchmarks : RedisBenchmark
{
    private const int CallsEach = 200;
    private const int Calls = BenchmarkRequests.Callers * CallsEach;

    [Benchmark(Baseline = true, OperationsPerInvoke = Calls)]
    public Task BareScripts() =>
        BenchmarkRequests.CallAsync(BenchmarkRequests.Callers, CallsEach, async _ => await BareAsync());

    [Benchmark(OperationsPerInvoke = Calls)]
    public Task BareIncrements() =>
        BenchmarkRequests.CallAsync(BenchmarkRequests.Callers, CallsEach, async _ => await Database.StringIncrementAsync("bare"));

    [Benchmark(OperationsPerInvoke = Calls)]
    public Task OneLimit() =>
        BenchmarkRequests.CallAsync(
            BenchmarkRequests.Callers, CallsEach, async caller => await Store.ReserveAsync(BenchmarkRequests.One(caller)));

    [Benchmark(OperationsPerInvoke = Calls)]
    public Task ThreeLimits() =>
        BenchmarkRequests.CallAsync(
            BenchmarkRequests.Callers, CallsEach, async caller => await Store.ReserveAsync(BenchmarkRequests.Three(caller)));
}

/// <summary>A server for as long as the benchmarks of a class run.</summary>
public abstract class RedisBenchmark
{
    private const string Nothing = "return 1";

    private readonly byte[] _hash = SHA1.HashData("return 1"u8);
    private readonly RedisKey[] _keys = ["bare"];
    private readonly RedisValue[] _values = [1];
    private BenchmarkRedisServer _server = null!;

    protected RedisCounterStore Store { get; private set; } = null!;

    protected IDatabase Database { get; private set; } = null!;

    [GlobalSetup]
    public void Setup()
    {
        _server = new BenchmarkRedisServer();
        Database = _server.Database;
        Database.ScriptEvaluate(Nothing, _keys, _values);
        Store = new RedisCounterStore(_server.Connection, new RedisCounterStoreOptions { Deadline = TimeSpan.FromMinutes(1) });
    }

    [GlobalCleanup]
    public void CleanUp() => _server.Dispose();

    protected Task<RedisResult> BareAsync() => Database.ScriptEvaluateAsync(_hash, _keys, _values);
}
