using System.Text;

namespace PolicyLayer.Grammars.Paths;

/// <summary>Whether two steps are one name, as far as that is the same on every file system.</summary>
internal static class StepComparison
{
    /// <summary>
    /// Case of ASCII letters may count or not. Letters beyond ASCII never match another spelling: which ones a file system pairs, composes
    /// or passes over is its own affair (NTFS keeps the table of the day it was formatted; APFS takes <c>ß</c> for <c>ss</c>).
    /// </summary>
    public static Nearness Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, bool doesCaseCount)
    {
        if (left.SequenceEqual(right))
        {
            return Nearness.Match;
        }

        if (AreEqualButForCase(left, right))
        {
            return doesCaseCount ? Nearness.Near : Nearness.Match;
        }

        return Ascii.IsValid(left) && Ascii.IsValid(right) || !CouldBeOne(left, right) ? Nearness.Apart : Nearness.Near;
    }

    private static bool AreEqualButForCase(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.Length != right.Length)
        {
            return false;
        }

        for (int i = 0; i < left.Length; i++)
        {
            if (!AreOneLetter(left[i], right[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether some reading of what is beyond ASCII makes them equal: where both ends are ASCII they must agree.</summary>
    private static bool CouldBeOne(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        while (!IsBeyondAscii(left, ^1) && !IsBeyondAscii(right, ^1))
        {
            if (left.IsEmpty || right.IsEmpty || !AreOneLetter(left[^1], right[^1]))
            {
                return false;
            }

            left = left[..^1];
            right = right[..^1];
        }

        while (!IsBeyondAscii(left, 0) && !IsBeyondAscii(right, 0))
        {
            if (left.IsEmpty || right.IsEmpty || !AreOneLetter(left[0], right[0]))
            {
                return false;
            }

            left = left[1..];
            right = right[1..];
        }

        return true;
    }

    private static bool IsBeyondAscii(ReadOnlySpan<byte> text, Index at) => !text.IsEmpty && text[at] >= 0x80;

    private static bool AreOneLetter(byte left, byte right) =>
        left == right || ((left ^ right) == 0x20 && char.IsAsciiLetter((char)left));
}
