using PolicyLayer.Counters;

namespace PolicyLayer.Benchmarks;

/// <summary>Requests on counters that are never full.</summary>
internal static class BenchmarkRequests
{
    public const int Callers = 64;

    public static CounterRequest One(int grant = 0) => Request(grant, Limit("a", 60));

    public static CounterRequest Three(int grant = 0) => Request(grant, Limit("a", 60), Limit("b", 3_600), Limit("c", 86_400));

    public static CounterRequest Sliding(int grant = 0) => Request(grant, Limit("s", 60, CounterAlgorithm.Sliding));

    /// <summary>Every caller does the same, at once.</summary>
    public static Task CallAsync(int callers, int callsEach, Func<int, ValueTask> call) =>
        Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            for (int i = 0; i < callsEach; i++)
            {
                await call(caller);
            }
        })));

    private static CounterRequest Request(int grant, params CounterDefinition[] counters) => new(
        DateTimeOffset.FromUnixTimeSeconds(1_800_000_000),
        $"grant-{grant}",
        null,
        counters.Select(counter => new CounterDemand(new CounterKey(counter, $"grant-{grant}", null), 1, CounterDemand.Largest)));

    private static CounterDefinition Limit(string name, int windowSeconds, CounterAlgorithm algorithm = CounterAlgorithm.Fixed) =>
        new("bench", name, CounterScope.Grant, CounterWindowLength.FromSeconds(windowSeconds), algorithm);
}
