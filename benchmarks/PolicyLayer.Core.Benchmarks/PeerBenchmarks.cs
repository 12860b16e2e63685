using System.Text.Json;
using System.Threading.RateLimiting;
using BenchmarkDotNet.Attributes;

namespace PolicyLayer.Benchmarks;

/// <summary>
/// One rule by other means: read_file only in two modes and below 1,000 lines, at most so often a day. The hand-written code is what a
/// host would write without a policy; it finds no duplicate names and judges no types.
/// </summary>
[MemoryDiagnoser]
public class PeerBenchmarks : IDisposable
{
    private static readonly JsonElement Arguments =
        JsonDocument.Parse("""{"path":"/srv/data/report.txt","mode":"read","lines":100}""").RootElement;

    private readonly ToolCallAuthorizer _authorizer = new(Policy.Parse("""
        { "version": "1", "default": "deny", "tools": { "read_file": {
          "require": [{ "conditions": [
            { "path": "args.mode", "op": "in", "value": ["read", "list"] },
            { "path": "args.lines", "op": "lte", "value": 1000 }] }],
          "limits": [{ "counter": "reads", "window": "day", "max": 9007199254 }] } } }
        """));

    private readonly PartitionedRateLimiter<string> _limiter = PartitionedRateLimiter.Create<string, string>(
        grant => RateLimitPartition.GetFixedWindowLimiter(grant, _ => new FixedWindowRateLimiterOptions
        {
            PermitLimit = int.MaxValue,
            Window = TimeSpan.FromDays(1),
            AutoReplenishment = false,
        }));

    [Benchmark(Baseline = true)]
    public bool HandWritten()
    {
        if (!IsAcceptable("read_file", Arguments))
        {
            return false;
        }

        using RateLimitLease lease = _limiter.AttemptAcquire("ci-runner");
        return lease.IsAcquired;
    }

    [Benchmark]
    public bool PolicyLayer() =>
        _authorizer.AuthorizeAsync(new ToolCall("read_file", Arguments) { GrantId = "ci-runner" }).Result.IsAllowed;

    [GlobalCleanup]
    public void Dispose()
    {
        _limiter.Dispose();
        GC.SuppressFinalize(this);
    }

    private static bool IsAcceptable(string tool, JsonElement arguments) => tool switch
    {
        "read_file" => arguments.TryGetProperty("mode", out JsonElement mode)
            && mode.GetString() is "read" or "list"
            && arguments.TryGetProperty("lines", out JsonElement lines)
            && lines.GetDecimal() <= 1000,
        _ => false,
    };
}
