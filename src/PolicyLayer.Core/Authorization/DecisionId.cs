using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace PolicyLayer;

/// <summary>
/// A decision's number, unique in the process; with the process's random prefix, unique everywhere. Numbers come from blocks that
/// threads take for themselves, so that no shared counter lies on the path of a decision.
/// </summary>
internal readonly record struct DecisionId(long Number)
{
    private const int BlockSize = 256;

    private static readonly string ProcessPrefix = CreatePrefix();
    private static long _nextBlock;

    [ThreadStatic]
    private static long _next;

    public static DecisionId Next()
    {
        long next = _next;
        if ((next & (BlockSize - 1)) == 0)
        {
            next = Interlocked.Increment(ref _nextBlock) * BlockSize;
        }

        _next = next + 1;
        return new DecisionId(next);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{ProcessPrefix}-{Number:x}");

    private static string CreatePrefix()
    {
        ulong random = 0;
        RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(new Span<ulong>(ref random)));
        return random.ToString("x16", CultureInfo.InvariantCulture);
    }
}
