using System.Text.RegularExpressions;

namespace PolicyLayer.Tests.Differential;

/// <summary><c>within</c>, by the policy's description: strings cut at their separators.</summary>
internal static class NaivePaths
{
    /// <summary>What some readers turn into <c>/</c>, <c>\</c> or <c>.</c>, as far as tests write it.</summary>
    private const string LookAlikes = "\uff0e\uff0f\uff3c\u2025\u2215\u2044\u00a5\u20a9";

    private static readonly Regex Device =
        new(@"\A(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³]) *(?:\..*)?\z", RegexOptions.IgnoreCase);

    public static bool IsPattern(string pattern) =>
        pattern == "." || (Family(pattern) != "relative" && IsPlain(pattern, Family(pattern) == "drive"));

    public static Truth Judge(string path, IReadOnlyList<string> directories)
    {
        string family = Family(path);
        List<string> families = [.. directories.Select(Family).Distinct()];
        if (!IsPlain(path, families.Contains("drive")) || !families.Contains(family))
        {
            return Truth.Unjudgeable;
        }

        List<string> steps = Steps(path);
        List<List<string>> same = [.. directories.Where(directory => Family(directory) == family).Select(Steps)];
        if (same.Exists(directory => LiesIn(steps, directory, family == "drive" ? AreSameOnDrives : (a, b) => a == b)))
        {
            return Truth.True;
        }

        // One family's directory may lie in the other's: behind a current drive, or where the reader stands.
        bool isKernels = family == "absolute" && steps is ["proc" or ".vol", ..];
        return families.Count > 1 || isKernels || same.Exists(directory => MayLieIn(steps, directory, family == "drive"))
            ? Truth.Unjudgeable
            : Truth.False;
    }

    private static string Family(string path) => path switch
    {
        ['/', ..] => "absolute",
        [var letter, ':', '/' or '\\', ..] when char.IsAsciiLetter(letter) => "drive",
        _ => "relative",
    };

    private static List<string> Steps(string path)
    {
        string text = Family(path) == "drive" ? path.Replace('\\', '/') : path;
        return [.. text.Split('/').Where(step => step is not ("" or "."))];
    }

    /// <summary>Whether every reader reads the same, the host being Windows or not.</summary>
    private static bool IsPlain(string path, bool onWindows)
    {
        string[] steps = Family(path) == "drive" ? path[2..].Split('/', '\\') : path.Split('/');
        return path.Length > 0
            && path.Trim() == path
            && !path.StartsWith('~') && !path.StartsWith("//", StringComparison.Ordinal) && path[0] is not ('"' or '\'')
            && !path.Any(c => char.IsControl(c) || c == '%' || LookAlikes.Contains(c))
            && (Family(path) == "drive" || !path.Contains('\\'))
            && (Family(path) != "relative" || !steps[0].Contains(':'))
            && !steps.Any(LeadsUp)
            && !(onWindows && steps.Any(IsOddOnWindows));
    }

    /// <summary>Two dots, then nothing or what some reader cuts off.</summary>
    private static bool LeadsUp(string step) => Regex.IsMatch(step, @"\A\.\.(?![A-Za-z0-9_\-]|[^\0-\x7f])");

    private static bool IsOddOnWindows(string step) =>
        step.IndexOfAny([':', '<', '>', '"', '|', '*', '?']) >= 0
        || (step != "." && Regex.IsMatch(step, @"[. ]\z"))
        || Regex.IsMatch(step, "~[0-9]")
        || Device.IsMatch(step);

    private static bool LiesIn(List<string> steps, List<string> directory, Func<string, string, bool> areSame) =>
        steps.Count >= directory.Count && steps.Zip(directory, areSame).All(same => same);

    /// <summary>From the first pattern of files on, or variable, it may lie anywhere.</summary>
    private static bool MayLieIn(List<string> steps, List<string> directory, bool onDrive)
    {
        for (int i = 0; i < directory.Count; i++)
        {
            if (i == steps.Count)
            {
                return false;
            }

            bool areSame = onDrive ? AreSameOnDrives(steps[i], directory[i]) : steps[i] == directory[i];
            if (!areSame && steps[i].Any("*?[{$".Contains))
            {
                return true;
            }

            if (!MayBeSame(steps[i], directory[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool AreSameOnDrives(string step, string listed) => LowerAscii(step) == LowerAscii(listed);

    /// <summary>
    /// But for case; what is not ASCII may be anything to a file system that folds it; and to who takes off quotation marks or a fragment.
    /// </summary>
    private static bool MayBeSame(string step, string listed) =>
        AreNear(step, listed) || AreNear(step.TrimEnd('"', '\''), listed) || AreNear(step.Split('#')[0], listed);

    private static bool AreNear(string a, string b)
    {
        string left = LowerAscii(a), right = LowerAscii(b);
        if (right.All(char.IsAscii) || left.All(char.IsAscii))
        {
            (string open, string plain) = right.All(char.IsAscii) ? (left, right) : (right, left);
            return Regex.IsMatch(plain, $@"\A{Regex.Replace(Regex.Escape(open), @"[^\0-\x7f]+", ".*")}\z");
        }

        int ahead = Math.Min(left.TakeWhile(char.IsAscii).Count(), right.TakeWhile(char.IsAscii).Count());
        int behind = Math.Min(left.Reverse().TakeWhile(char.IsAscii).Count(), right.Reverse().TakeWhile(char.IsAscii).Count());
        return left[..ahead] == right[..ahead] && left[^behind..] == right[^behind..];
    }

    private static string LowerAscii(string text) => string.Concat(text.Select(c => char.IsAscii(c) ? char.ToLowerInvariant(c) : c));
}
