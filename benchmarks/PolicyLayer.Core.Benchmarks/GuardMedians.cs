using System.Diagnostics;
using System.Globalization;

namespace PolicyLayer.Benchmarks;

/// <summary>
/// What a guard adds to a call of an MCP server and of a function: the median of each side, both by turns in one run, as a shared machine
/// is slower or faster from second to second than a guard is.
/// </summary>
internal static class GuardMedians
{
    private const int Turns = 300;

    /// <summary>
    /// Calls of each side before any counts: the compiler goes on improving what they run through, over tens of thousands of them, and
    /// until then what it hasn't come to is measured.
    /// </summary>
    private const int WarmUp = 200_000;

    public static async Task RunAsync()
    {
        var calls = new McpCallBenchmarks();
        await PrintAsync("MCP call", 50, 1, async () => await calls.Unguarded(), async () => await calls.Guarded());
        calls.Close();

        var functions = new GuardedFunctionBenchmarks();
        functions.Guard();
        await PrintAsync("function", 50, 200, () => Task.FromResult(functions.Unguarded()), () => Task.FromResult(functions.Guarded()));
    }

    /// <param name="name">What is called.</param>
    /// <param name="samples">The times that a turn of a side takes down.</param>
    /// <param name="batch">The calls of each: more than one where a call is short beside the clock.</param>
    /// <param name="unguarded">One call without the guard.</param>
    /// <param name="guarded">One with it.</param>
    private static async Task PrintAsync(string name, int samples, int batch, Func<Task> unguarded, Func<Task> guarded)
    {
        for (int calls = 0; calls < WarmUp; calls += samples * batch)
        {
            await MeasureAsync([], samples, batch, unguarded);
            await MeasureAsync([], samples, batch, guarded);
        }

        List<double> without = [];
        List<double> with = [];
        for (int turn = 0; turn < Turns; turn++)
        {
            await MeasureAsync(without, samples, batch, unguarded);
            await MeasureAsync(with, samples, batch, guarded);
        }

        (double before, double after) = (Median(without), Median(with));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {before:F2} us unguarded, {after:F2} us guarded, {after - before:F2} us more (medians of {without.Count})"));
    }

    private static async Task MeasureAsync(List<double> times, int samples, int batch, Func<Task> call)
    {
        for (int i = 0; i < samples; i++)
        {
            long began = Stopwatch.GetTimestamp();
            for (int j = 0; j < batch; j++)
            {
                await call();
            }

            times.Add(Stopwatch.GetElapsedTime(began).TotalMicroseconds / batch);
        }
    }

    private static double Median(List<double> times)
    {
        times.Sort();
        return times[times.Count / 2];
    }
}
