using System.Diagnostics;
using System.Globalization;

namespace PolicyLayer.Benchmarks;

/// <summary>
/// How much more two threads do than one: the best of several rounds each, beside what the machine itself allows at that moment, as a
/// shared one doesn't always give two processors.
/// </summary>
internal static class ThreadScaling
{
    private const int Rounds = 12;
    private const int Calls = 300_000;

    public static void Run()
    {
        ToolCallAuthorizer authorizer = BenchmarkPolicies.Authorizer(
            """{ "limits": [{ "counter": "a", "window": "day", "max": 9007199254 }] }""");
        string limited = BenchmarkPolicies.ToolName(0);
        string free = BenchmarkPolicies.ToolName(1);
        double one = Best(Judge(authorizer, limited, "first"));
        Print("two grants", one, Best(Judge(authorizer, limited, "first"), Judge(authorizer, limited, "second")));
        Print("one grant", one, Best(Judge(authorizer, limited, "first"), Judge(authorizer, limited, "first")));
        Print(
            "no limit", Best(Judge(authorizer, free, "first")), Best(Judge(authorizer, free, "first"), Judge(authorizer, free, "second")));
        Print("arithmetic", Best(Multiply), Best(Multiply, Multiply));
    }

    private static void Print(string name, double one, double two) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{name,-12} one thread {one,5:F1} ns, two threads {two,5:F1} ns a call each: {2 * one / two:F2} x"));

    private static Action Judge(ToolCallAuthorizer authorizer, string tool, string grant) => () =>
    {
        for (int i = 0; i < Calls; i++)
        {
            _ = authorizer.AuthorizeAsync(new ToolCall(tool) { GrantId = grant }).Result;
        }
    };

    private static void Multiply()
    {
        double product = 1;
        for (int i = 0; i < 20 * Calls; i++)
        {
            product *= 1.0000001;
        }

        GC.KeepAlive(product);
    }

    private static double Best(params Action[] work)
    {
        double best = double.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            using var start = new Barrier(work.Length + 1);
            Thread[] threads = [.. work.Select(action => new Thread(() =>
            {
                start.SignalAndWait();
                action();
            }))];
            Array.ForEach(threads, thread => thread.Start());
            start.SignalAndWait();
            long began = Stopwatch.GetTimestamp();
            Array.ForEach(threads, thread => thread.Join());
            best = Math.Min(best, Stopwatch.GetElapsedTime(began).TotalNanoseconds / Calls);
        }

        return best;
    }
}
