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
    /// Several units at a time, the last of them overlapping those before: names are short, and setting up a vector or a loop over what
    /// is left costs more than they do. A unit of which the first bit is unset is no surrogate. Inlined, as a call costs too.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool MayHaveSurrogates(ReadOnlySpan<char> text)
    {
        ref char first = ref MemoryMarshal.GetReference(text);
        ulong seen;
        if (text.Length >= 4)
        {
            int last = text.Length - 4;
            seen = Read<ulong>(ref first, last);
            for (int i = 0; i < last; i += 4)
            {
                seen |= Read<ulong>(ref first, i);
            }
        }
        else if (text.Length >= 2)
        {
            seen = Read<uint>(ref first, 0) | Read<uint>(ref first, text.Length - 2);
        }
        else
        {
            seen = text.IsEmpty ? 0u : first;
        }

        return (seen & 0x8000_8000_8000_8000) != 0;
    }

    // INVARIANT: the units from there on that make a T are the text's.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Read<T>(ref char first, int index) where T : struct =>
        Unsafe.ReadUnaligned<T>(ref Unsafe.As<char, byte>(ref Unsafe.Add(ref first, index)));

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

        return text[..(length > 0 && char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
    }
}
