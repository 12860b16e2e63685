using System.Buffers;
using System.Text;

namespace PolicyLayer.Grammars.Paths;

/// <summary>What a path's text says to every reader alike, and why it doesn't.</summary>
internal static class PathText
{
    public const int DriveLength = 2;

    private static readonly SearchValues<byte> Controls = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(control => (byte)control), 0x7F]);

    /// <summary>What Windows forbids in names, streams (<c>:</c>) among it.</summary>
    private static readonly SearchValues<byte> ForbiddenOnWindows = SearchValues.Create(":<>\"|*?"u8);

    public static PathFamily FamilyOf(ReadOnlySpan<byte> path)
    {
        if (path.Length >= DriveLength && path[1] == ':' && char.IsAsciiLetter((char)path[0]))
        {
            return PathFamily.Drive;
        }

        return path.StartsWith((byte)'/') ? PathFamily.Absolute : PathFamily.Relative;
    }

    /// <summary>Why two readers could take a path for two places; null where they can't. On Windows there are more reasons.</summary>
    public static string? FindProblem(ReadOnlySpan<byte> path, bool isOnWindows)
    {
        PathFamily family = FamilyOf(path);
        return FindProblemOfStart(path, family)
            ?? FindProblemOfCharacters(path, family, isOnWindows)
            ?? FindProblemOfSteps(path, isOnWindows);
    }

    private static string? FindProblemOfStart(ReadOnlySpan<byte> path, PathFamily family) => path switch
    {
        [] => "it is empty",
        [(byte)' ', ..] or [.., (byte)' '] => "white space at either end is cut off by some readers",
        [(byte)'"' or (byte)'\'', ..] => "quotation marks are taken off by some readers",
        [(byte)'~', ..] => "`~` at the start is somebody's home",
        [(byte)'/', (byte)'/', ..] => "`//` at the start leads to another machine on some systems",
        not [_, _, (byte)'/' or (byte)'\\', ..] when family == PathFamily.Drive => "a drive wants a `/` or `\\` after its colon",
        _ when family == PathFamily.Relative && HasColonInFirstStep(path) => "a `:` in the first step makes it a URI to some readers",
        _ => null,
    };

    private static bool HasColonInFirstStep(ReadOnlySpan<byte> path)
    {
        int end = path.IndexOfAny((byte)':', (byte)'/');
        return end >= 0 && path[end] == ':';
    }

    private static string? FindProblemOfCharacters(ReadOnlySpan<byte> path, PathFamily family, bool isOnWindows)
    {
        if (path.ContainsAny(Controls))
        {
            return "it has a control character";
        }

        if (path.Contains((byte)'%'))
        {
            return "`%` begins an escape or a variable to some readers";
        }

        if (family != PathFamily.Drive && path.Contains((byte)'\\'))
        {
            return "`\\` separates on Windows and is part of a name elsewhere";
        }

        if (isOnWindows && path[(family == PathFamily.Drive ? DriveLength : 0)..].ContainsAny(ForbiddenOnWindows))
        {
            return "one of `:<>\"|*?` isn't part of a name on Windows";
        }

        return Ascii.IsValid(path) ? null : FindProblemBeyondAscii(path, isOnWindows);
    }

    private static string? FindProblemBeyondAscii(ReadOnlySpan<byte> path, bool isOnWindows)
    {
        ReadOnlySpan<byte> rest = path;
        while (!rest.IsEmpty)
        {
            Rune.DecodeFromUtf8(rest, out Rune rune, out int length);
            if (Rune.IsControl(rune))
            {
                return "it has a control character";
            }

            if (Rune.IsWhiteSpace(rune) && (rest.Length == path.Length || rest.Length == length))
            {
                return "white space at either end is cut off by some readers";
            }

            if (IsLikeSeparator(rune.Value) || (isOnWindows && rune.Value is '¥' or '₩'))
            {
                return "it has a character that some readers turn into `/`, `\\` or `.`";
            }

            rest = rest[length..];
        }

        return null;
    }

    /// <summary>What compatibility forms, or the code pages of Windows, make a separator or dots of.</summary>
    private static bool IsLikeSeparator(int codePoint) =>
        codePoint is 0x2024 or 0x2025 or 0x2044 or 0x2215 or 0x2216 or 0xFE52 or 0xFE68 or 0xFF0E or 0xFF0F or 0xFF3C;

    private static string? FindProblemOfSteps(ReadOnlySpan<byte> path, bool isOnWindows)
    {
        foreach (ReadOnlySpan<byte> step in new PathSteps(path))
        {
            if (IsUpward(step))
            {
                return "a step `..` leads elsewhere behind a symbolic link";
            }

            string? problem = isOnWindows ? WindowsName.FindProblem(step) : null;
            if (problem is not null)
            {
                return problem;
            }
        }

        return null;
    }

    /// <summary>Two dots lead up, with something behind them that some reader cuts off (<c>..;</c>, <c>.. </c>) as well.</summary>
    private static bool IsUpward(ReadOnlySpan<byte> step) =>
        step.StartsWith(".."u8) && (step.Length == 2 || !IsOfName(step[2]));

    private static bool IsOfName(byte b) => b >= 0x80 || b is (byte)'_' or (byte)'-' || char.IsAsciiLetterOrDigit((char)b);
}
