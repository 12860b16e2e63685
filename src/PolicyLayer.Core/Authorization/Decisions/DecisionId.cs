using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace PolicyLayer.Authorization.Decisions;

/// <summary>
/// A decision's number, unique in the process; with the process's random prefix, unique everywhere. Numbers come from blocks that
/// threads take for themselves, so that no shared counter lies on the path of a decision. The low bits say where the authorizer that made
/// the decision keeps it as an open call, if it does; they aren't part of what is shown.
/// </summary>
internal readonly record struct DecisionId(long Number)
{
    /// <summary>One more than the places of the largest table, so that zero is no place; 43 bits are left for numbers.</summary>
    private const int PlaceBits = 21;
    private const long PlaceMask = (1 << PlaceBits) - 1;
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
        return new DecisionId(next << PlaceBits);
    }

    /// <summary>The call's place among the open ones, or −1.</summary>
    public int Place => (int)(Number & PlaceMask) - 1;

    /// <summary>The same number, kept nowhere.</summary>
    public DecisionId Unplaced => new(Number & ~PlaceMask);

    public DecisionId At(int place) => new((Number & ~PlaceMask) | (uint)(place + 1));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{ProcessPrefix}-{Number >>> PlaceBits:x}");

    /// <summary>Reads what <see cref="ToString"/> shows: exactly that, and of this process alone.</summary>
    public static bool TryParse(string text, out DecisionId id)
    {
        ReadOnlySpan<char> number = text.AsSpan(Math.Min(text.Length, ProcessPrefix.Length + 1));
        _ = long.TryParse(number, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long read);
        id = new DecisionId(read << PlaceBits);
        return text == id.ToString();
    }

    private static string CreatePrefix()
    {
        ulong random = 0;
        RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(new Span<ulong>(ref random)));
        return random.ToString("x16", CultureInfo.InvariantCulture);
    }
}
