using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PolicyLayer.Text;

/// <summary>What .NET's strings may hold and Unicode's may not.</summary>
internal static class Utf16
{
    /// <summary>
    /// Whether every surrogate has its other half: only then do different strings stay different when they are written as UTF-8.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsWellFormed(ReadOnlySpan<char> text) => !MayHaveSurrogates(text) || HasPairsOnly(text);

    /// <summary>
    /// Four units at a time: names are short, and setting up a vector costs more than they do. Inlined, as a call does too.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool MayHaveSurrogates(ReadOnlySpan<char> text)
    {
        const ulong Ones = 0x0001_0001_0001_0001;
        const ulong SurrogateMask = 0xF800 * Ones;
        const ulong Surrogates = 0xD800 * Ones;
        ReadOnlySpan<ulong> fours = MemoryMarshal.Cast<char, ulong>(text);
        foreach (ulong four in fours)
        {
            // Zero in the lane of a surrogate; then that lane borrows.
            ulong lanes = (four & SurrogateMask) ^ Surrogates;
            if (((lanes - Ones) & ~lanes & (0x8000 * Ones)) != 0)
            {
                return true;
            }
        }

        foreach (char unit in text[(fours.Length * 4)..])
        {
            if (char.IsSurrogate(unit))
            {
                return true;
            }
        }

        return false;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool HasPairsOnly(ReadOnlySpan<char> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]))
            {
                if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                {
                    return false;
                }

                i++;
            }
        }

        return true;
    }

    /// <summary>The beginning of a text, at most so many units long, that cuts through no surrogate pair.</summary>
    public static ReadOnlySpan<char> Cut(ReadOnlySpan<char> text, int length)
    {
        if (text.Length <= length)
        {
            return text;
        }

        return text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
    }
}
