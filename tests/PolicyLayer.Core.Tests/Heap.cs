using System.Runtime.CompilerServices;

namespace PolicyLayer.Tests;

/// <summary>What an object keeps alive. Only for tests that run alone: the figures are the process's.</summary>
internal static class Heap
{
    private const int Tries = 8;

    /// <summary>
    /// The bytes that go when a box lets go of what it alone refers to. Both readings are taken within milliseconds, when all is made.
    /// What else goes meanwhile, as the room that the shared pools give back now and then, only adds: so the least of a few tries is told.
    /// </summary>
    public static async Task<long> SizeOfAsync<T>(Func<Task<StrongBox<T?>>> make)
        where T : class
    {
        long least = long.MaxValue;
        for (int i = 0; i < Tries; i++)
        {
            least = Math.Min(least, SizeOf(await make()));
        }

        return least;
    }

    private static long SizeOf<T>(StrongBox<T?> root)
        where T : class
    {
        long with = InUse();
        root.Value = null;
        return with - InUse();
    }

    private static long InUse()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
