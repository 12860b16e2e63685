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

    /// <summary>The process's bytes once nothing goes any more: what one collection finalizes may let go of more.</summary>
    private static long InUse()
    {
        long bytes = Collect();
        for (int i = 0; i < 10; i++)
        {
            long before = bytes;
            bytes = Collect();
            if (bytes == before)
            {
                break;
            }
        }

        return bytes;
    }

    private static long Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
