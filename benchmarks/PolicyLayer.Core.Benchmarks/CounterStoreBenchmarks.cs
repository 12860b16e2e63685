using System.Threading.RateLimiting;
using BenchmarkDotNet.Attributes;
using PolicyLayer.Counters;

namespace PolicyLayer.Benchmarks;

/// <summary>The in-memory store on counters that exist, beside the framework's partitioned limiter.</summary>
[MemoryDiagnoser]
public class CounterStoreBenchmarks : IDisposable
{
    private const string Grant = "ci-runner";

    private readonly InMemoryCounterStore _store = new();
    private PartitionedRateLimiter<string> _limiter = null!;
    private CounterRequest _one;
    private CounterRequest _three;
    private CounterRequest _sliding;
    private CounterRequest _policy;
    private CounterRequest _refused;

    [GlobalSetup]
    public void Setup()
    {
        _limiter = PartitionedRateLimiter.Create<string, string>(grant => RateLimitPartition.GetFixedWindowLimiter(
            grant,
            _ => new FixedWindowRateLimiterOptions
            {
                PermitLimit = int.MaxValue,
                Window = TimeSpan.FromHours(1),
                AutoReplenishment = false,
            }));
        var time = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
        _one = Request(time, Limit("a"));
        _three = Request(time, Limit("a"), Limit("b", windowSeconds: 3_600), Limit("c", windowSeconds: 86_400));
        _sliding = Request(time, Limit("s", algorithm: CounterAlgorithm.Sliding));
        _policy = Request(time, Limit("p", CounterScope.Policy));
        _refused = new CounterRequest(time, Grant, null, [new CounterDemand(new CounterKey(Limit("r"), Grant, null), 1, 0)]);
    }

    [Benchmark(Baseline = true)]
    public bool FrameworkLimiter()
    {
        using RateLimitLease lease = _limiter.AttemptAcquire("ci-runner");
        return lease.IsAcquired;
    }

    [Benchmark]
    public CounterReservationStatus OneLimit() => Reserve(_one);

    [Benchmark]
    public CounterReservationStatus ThreeLimits() => Reserve(_three);

    [Benchmark]
    public CounterReservationStatus SlidingLimit() => Reserve(_sliding);

    [Benchmark]
    public CounterReservationStatus PolicyLimit() => Reserve(_policy);

    [Benchmark]
    public CounterReservationStatus Refused() => Reserve(_refused);

    [GlobalCleanup]
    public void Dispose()
    {
        _limiter?.Dispose();
        GC.SuppressFinalize(this);
    }

    private CounterReservationStatus Reserve(in CounterRequest request) => _store.ReserveAsync(request).GetAwaiter().GetResult().Status;

    private static CounterRequest Request(DateTimeOffset time, params CounterDefinition[] counters) => new(
        time, Grant, null, counters.Select(counter => new CounterDemand(new CounterKey(counter, Grant, null), 1, CounterDemand.Largest)));

    private static CounterDefinition Limit(
        string name,
        CounterScope scope = CounterScope.Grant,
        int windowSeconds = 60,
        CounterAlgorithm algorithm = CounterAlgorithm.Fixed) =>
        new("bench", name, scope, CounterWindowLength.FromSeconds(windowSeconds), algorithm);
}
