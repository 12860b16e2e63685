using System.Runtime.CompilerServices;

namespace PolicyLayer.Tests;

/// <summary>What an object keeps alive. Only for tests that run alone: the figures are the process's.</summary>
internal static class Heap
{
    /// <summary>
    /// The bytes that go when <paramref name="root"/> lets go of what it alone refers to. Both readings are taken
    /// within milliseconds, when all is made: what earlier tests leave to be freed meanwhile can't be counted in.
    /// </summary>
    public static long SizeOf<T>(StrongBox<T?> root)
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
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
