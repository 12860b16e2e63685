using System.Threading.RateLimiting;
using BenchmarkDotNet.Attributes;

namespace PolicyLayer.Benchmarks;

/// <summary>Limits on warm in-memory counters, against the framework's partitioned limiter doing the same for one of them.</summary>
[MemoryDiagnoser]
public class LimitBenchmarks : IDisposable
{
    private const string Huge = "9007199254";

    private readonly PartitionedRateLimiter<string> _limiter = PartitionedRateLimiter.Create<string, string>(
        grant => RateLimitPartition.GetFixedWindowLimiter(grant, _ => new FixedWindowRateLimiterOptions
        {
            PermitLimit = int.MaxValue,
            Window = TimeSpan.FromDays(1),
            AutoReplenishment = false,
        }));

    private readonly ToolCallAuthorizer _free = BenchmarkPolicies.Authorizer("{}");
    private readonly ToolCallAuthorizer _one = BenchmarkPolicies.Authorizer(
        $$"""{ "limits": [{ "counter": "a", "window": "day", "max": {{Huge}} }] }""");

    private readonly ToolCallAuthorizer _three = BenchmarkPolicies.Authorizer($$"""
        { "limits": [
          { "counter": "a", "window": "minute", "max": {{Huge}} },
          { "counter": "b", "window": "hour", "max": {{Huge}} },
          { "counter": "c", "window": "day", "max": {{Huge}} }] }
        """);

    private readonly ToolCallAuthorizer _empty = BenchmarkPolicies.Authorizer(
        """{ "limits": [{ "counter": "a", "window": "day", "max": 0 }] }""");

    private readonly string _name = BenchmarkPolicies.ToolName(0);

    [Benchmark(Baseline = true)]
    public bool PartitionedRateLimiterAndAllow()
    {
        using RateLimitLease lease = _limiter.AttemptAcquire("ci-runner");
        return _free.AuthorizeAsync(Call()).Result.IsAllowed && lease.IsAcquired;
    }

    [Benchmark]
    [HotPath(1.05)]
    public bool OneLimit() => _one.AuthorizeAsync(Call()).Result.IsAllowed;

    [Benchmark]
    [HotPath(1.3)]
    public bool ThreeLimits() => _three.AuthorizeAsync(Call()).Result.IsAllowed;

    [Benchmark]
    [HotPath(2.1)]
    public bool LimitExceeded() => _empty.AuthorizeAsync(Call()).Result.IsAllowed;

    [GlobalCleanup]
    public void Dispose()
    {
        _limiter.Dispose();
        GC.SuppressFinalize(this);
    }

    private ToolCall Call() => new(_name) { GrantId = "ci-runner" };
}
