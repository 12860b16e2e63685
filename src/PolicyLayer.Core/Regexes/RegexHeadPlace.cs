using System.Runtime.Intrinsics;

namespace PolicyLayer.Regexes;

/// <summary>What a byte at some distance from where a match begins can be, by its lower four bits and by its upper four.</summary>
/// <param name="Distance">How far behind the first byte it stands.</param>
/// <param name="Lower">The ways by the lower four bits.</param>
/// <param name="Upper">The ways by the upper four bits.</param>
internal readonly record struct RegexHeadPlace(int Distance, Vector128<byte> Lower, Vector128<byte> Upper)
{
    private const int Halves = 16;

    /// <param name="distance">How far behind the first byte it stands.</param>
    /// <param name="ways">By byte, the bits of the ways; those that are left out have none.</param>
    public static RegexHeadPlace Of(int distance, ReadOnlySpan<byte> ways)
    {
        Span<byte> lower = stackalloc byte[Halves];
        Span<byte> upper = stackalloc byte[Halves];
        lower.Clear();
        upper.Clear();
        for (int i = 0; i < ways.Length; i++)
        {
            lower[i & 0xF] |= ways[i];
            upper[i >> 4] |= ways[i];
        }

        return new RegexHeadPlace(distance, Vector128.Create<byte>(lower), Vector128.Create<byte>(upper));
    }
}
