using BenchmarkDotNet.Attributes;

namespace PolicyLayer.Benchmarks;

/// <summary>
/// The same number of limited calls on each of one or two threads. Twice the work in the same time is a ratio of 1: throughput grows by
/// 2 divided by the ratio. On one grant both threads want one counter, and the ratio may reach 2.2.
/// </summary>
[MemoryDiagnoser]
public class ThreadBenchmarks
{
    private const int Calls = 200_000;

    private readonly ToolCallAuthorizer _authorizer = BenchmarkPolicies.Authorizer(
        """{ "limits": [{ "counter": "a", "window": "day", "max": 9007199254 }] }""");

    private readonly string _name = BenchmarkPolicies.ToolName(0);

    [Benchmark(Baseline = true, OperationsPerInvoke = Calls)]
    public Task OneThread() => RunAsync("first");

    [Benchmark(OperationsPerInvoke = Calls)]
    public Task TwoThreadsOnTwoGrants() => RunAsync("first", "second");

    [Benchmark(OperationsPerInvoke = Calls)]
    public Task TwoThreadsOnOneGrant() => RunAsync("first", "first");

    private Task RunAsync(params string[] grants) => Task.WhenAll(grants.Select(grant => Task.Factory.StartNew(
        () =>
        {
            for (int i = 0; i < Calls; i++)
            {
                _ = _authorizer.AuthorizeAsync(new ToolCall(_name) { GrantId = grant }).Result;
            }
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default)));
}
