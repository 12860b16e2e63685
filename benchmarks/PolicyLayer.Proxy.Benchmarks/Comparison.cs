using System.Diagnostics;

namespace PolicyLayer.Benchmarks.Proxy;

/// <summary>Blocks of direct and proxied calls by turns, so that both meet the same noise.</summary>
internal static class Comparison
{
    private const int Blocks = 5;
    private const int CallsOfOne = 2_000;
    private const int Callers = 16;
    private const int CallsOfEach = 500;

    public static async Task RunAsync(string name, ISetup setup)
    {
        await TimeAsync(setup, throughProxy: false, callers: 1, CallsOfOne);
        await TimeAsync(setup, throughProxy: true, callers: 1, CallsOfOne);
        var direct = new List<double>();
        var proxied = new List<double>();
        for (int block = 0; block < Blocks; block++)
        {
            direct.Add(Quantile(await TimeAsync(setup, throughProxy: false, callers: 1, CallsOfOne), 0.5));
            proxied.Add(Quantile(await TimeAsync(setup, throughProxy: true, callers: 1, CallsOfOne), 0.5));
        }

        double[] added = [.. proxied.Zip(direct, (through, without) => through - without)];
        Console.WriteLine($"{name}, one caller, medians of {Blocks} blocks of {CallsOfOne} calls, by turns, in µs:");
        Console.WriteLine($"  direct   {Row(direct)}");
        Console.WriteLine($"  proxied  {Row(proxied)}");
        Console.WriteLine($"  added    {Row(added)}  median {Quantile(added, 0.5):F0}");
        foreach (bool throughProxy in new[] { false, true })
        {
            double[] times = await TimeAsync(setup, throughProxy, Callers, CallsOfEach);
            Console.WriteLine(
                $"{name}, {Callers} callers, {(throughProxy ? "proxied" : "direct ")}: "
                + $"p50 {Quantile(times, 0.5):F0}, p99 {Quantile(times, 0.99):F0} µs");
        }
    }

    private static string Row(IEnumerable<double> values) => string.Join("  ", values.Select(value => $"{value,5:F0}"));

    private static double Quantile(IEnumerable<double> values, double part)
    {
        double[] sorted = [.. values.Order()];
        return sorted[(int)(part * (sorted.Length - 1))];
    }

    private static async Task<double[]> TimeAsync(ISetup setup, bool throughProxy, int callers, int calls)
    {
        IEnumerable<Task<double[]>> all = Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            var times = new double[calls];
            for (int i = 0; i < calls; i++)
            {
                long start = Stopwatch.GetTimestamp();
                await setup.CallAsync(throughProxy);
                times[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            }

            return times;
        }));
        return [.. (await Task.WhenAll(all)).SelectMany(times => times)];
    }
}
