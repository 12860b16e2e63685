using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using BenchmarkDotNet.Attributes;

namespace PolicyLayer.Benchmarks;

/// <summary>
/// A quick look at the hot path for CI: ratios and bytes, never nanoseconds. A benchmark and what it is measured beside run by turns in
/// short rounds and the best round of each counts, so that a busy machine disturbs both alike.
/// </summary>
internal static class HotPathGuard
{
    private const double Tolerance = 2;
    private const int Attempts = 3;
    private const int Rounds = 500;
    private static readonly TimeSpan RoundLength = TimeSpan.FromMicroseconds(100);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1.5);

    /// <summary>Measures all marked benchmarks, or those whose class or name contains a filter.</summary>
    /// <returns>How many allocate, or cost too much.</returns>
    public static int Run(string filter = "")
    {
        int failures = 0;
        foreach (Type type in typeof(HotPathGuard).Assembly.GetTypes().OrderBy(type => type.Name, StringComparer.Ordinal))
        {
            MethodInfo[] marked =
            [
                .. type.GetMethods().Where(method => method.IsDefined(typeof(HotPathAttribute))
                    && $"{type.Name}.{method.Name}".Contains(filter, StringComparison.OrdinalIgnoreCase)),
            ];
            if (marked.Length > 0)
            {
                failures += Run(type, marked);
            }
        }

        return failures;
    }

    private static int Run(Type type, MethodInfo[] marked)
    {
        object instance = Activator.CreateInstance(type)!;
        type.GetMethods().SingleOrDefault(method => method.IsDefined(typeof(GlobalSetupAttribute)))?.Invoke(instance, null);
        MethodInfo baseline = type.GetMethods().Single(method => method.GetCustomAttribute<BenchmarkAttribute>()?.Baseline == true);
        int failures = 0;
        foreach (MethodInfo method in marked)
        {
            HotPathAttribute row = method.GetCustomAttribute<HotPathAttribute>()!;
            MethodInfo reference = row.Beside is null ? baseline : type.GetMethod(row.Beside)!;
            failures += IsGood(instance, reference, method, row.Ratio) ? 0 : 1;
        }

        (instance as IDisposable)?.Dispose();
        return failures;
    }

    /// <summary>A row that looks bad is measured again: only one that stays so is.</summary>
    private static bool IsGood(object instance, MethodInfo baseline, MethodInfo method, double committed)
    {
        string bar = double.IsInfinity(committed) ? "reported" : string.Create(CultureInfo.InvariantCulture, $"committed {committed:F2}");
        for (int attempt = 1; ; attempt++)
        {
            (double reference, double cost) = Measure(Operation(instance, baseline), Operation(instance, method), out long bytes);
            double ratio = cost / method.GetCustomAttribute<BenchmarkAttribute>()!.OperationsPerInvoke / reference;
            bool isGood = bytes == 0 && ratio <= committed * Tolerance;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{(isGood ? "good" : "BAD"),-4} {method.DeclaringType!.Name + "." + method.Name,-48} {ratio,6:F2} x ({bar}) {bytes} B"));
            if (isGood || attempt == Attempts)
            {
                return isGood;
            }
        }
    }

    private static Action<int> Operation(object instance, MethodInfo method)
    {
        if (method.ReturnType == typeof(Task<bool>))
        {
            Func<Task<bool>> awaited = method.CreateDelegate<Func<Task<bool>>>(instance);
            return count => Repeat(awaited, count);
        }

        Func<bool> operation = method.CreateDelegate<Func<bool>>(instance);
        return count => Repeat(operation, count);
    }

    private static void Repeat<T>(Func<T> operation, int count)
    {
        for (int i = 0; i < count; i++)
        {
            operation();
        }
    }

    private static (double Reference, double Cost) Measure(Action<int> reference, Action<int> operation, out long bytes)
    {
        int referenceCount = CountPerRound(reference);
        int operationCount = CountPerRound(operation);
        long before = GC.GetAllocatedBytesForCurrentThread();
        operation(1_000);
        bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / 1_000;
        double bestReference = double.MaxValue;
        double best = double.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            bestReference = Math.Min(bestReference, Nanoseconds(reference, referenceCount));
            best = Math.Min(best, Nanoseconds(operation, operationCount));
        }

        return (bestReference, best);
    }

    /// <summary>Warms an operation up, until the compiler has seen to it, and finds how many fill a round.</summary>
    private static int CountPerRound(Action<int> operation)
    {
        var clock = Stopwatch.StartNew();
        double best = double.MaxValue;
        while (clock.Elapsed < WarmUp)
        {
            best = Math.Min(best, Nanoseconds(operation, 100));
        }

        return Math.Max(1, (int)(RoundLength.TotalNanoseconds / best));
    }

    private static double Nanoseconds(Action<int> operation, int count)
    {
        long start = Stopwatch.GetTimestamp();
        operation(count);
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / count;
    }
}
