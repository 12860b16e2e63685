using System.Diagnostics;

namespace PolicyLayer.Benchmarks.Proxy;

/// <summary>What the process holds after so many calls: the proxy, the server and whoever calls, all in one.</summary>
internal static class KeptMemory
{
    private const int Few = 10_000;
    private const int Many = 100_000;
    private const double MiB = 1024 * 1024;

    public static async Task RunAsync(ISetup setup)
    {
        await CallAsync(setup, Few);
        (double heap, double process) = Measure();
        await CallAsync(setup, Many - Few);
        (double heapAfter, double processAfter) = Measure();
        Console.WriteLine($"after {Few}: heap {heap:F1} MiB, process {process:F1} MiB");
        Console.WriteLine($"after {Many}: heap {heapAfter:F1} MiB, process {processAfter:F1} MiB");
        Console.WriteLine($"more: heap {heapAfter - heap:F1} MiB, process {processAfter - process:F1} MiB");
    }

    private static async Task CallAsync(ISetup setup, int calls)
    {
        for (int i = 0; i < calls; i++)
        {
            await setup.CallAsync(throughProxy: true);
        }
    }

    private static (double Heap, double Process) Measure()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        using var process = Process.GetCurrentProcess();
        return (GC.GetTotalMemory(forceFullCollection: true) / MiB, process.PrivateMemorySize64 / MiB);
    }
}
