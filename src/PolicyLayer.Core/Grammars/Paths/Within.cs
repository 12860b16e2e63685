using System.Buffers;
using System.Text;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Grammars.Paths;

/// <summary><c>within</c>: whether a path lies in, or is, one of some directories, by its text: symbolic links aren't seen.</summary>
internal static class Within
{
    /// <summary>Who finds files by patterns, or puts variables in, takes a step with one of them for any other, and for several.</summary>
    private static readonly SearchValues<byte> Wildcards = SearchValues.Create("*?[{$"u8);

    /// <summary>Why a pattern is no directory, in a few words; null if it is one.</summary>
    public static string? FindProblem(ReadOnlySpan<byte> pattern)
    {
        if (pattern is [(byte)'.'])
        {
            return null;
        }

        PathFamily family = PathText.FamilyOf(pattern);
        return PathText.FindProblem(pattern, isOnWindows: family == PathFamily.Drive)
            ?? (family == PathFamily.Relative ? "a directory begins with `/` or a drive, or is `.` for relative paths" : null);
    }

    /// <summary>
    /// Judges a path. False only where every directory is of the path's own family: where the host stands, and on which drive, isn't known
    /// here, and so whether <c>/srv/x</c> lies in <c>.</c> or in <c>C:/srv</c> neither.
    /// </summary>
    public static Judgement Judge(ReadOnlySpan<byte> text, TextPatterns directories)
    {
        if (PathText.FindProblem(text, HasDrive(directories)) is not null)
        {
            return Judgement.Unjudgeable;
        }

        PathFamily family = PathText.FamilyOf(text);
        Nearness nearest = family == PathFamily.Absolute && LeadsAnywhere(text) ? Nearness.Near : Nearness.Apart;
        foreach (ReadOnlySpan<byte> directory in directories)
        {
            nearest = nearest.Or(PathText.FamilyOf(directory) == family ? Compare(text, directory, family) : Nearness.Near);
        }

        return nearest.ToJudgement();
    }

    /// <summary>Why it isn't certain whether a path lies in a directory of its family; null where it is.</summary>
    public static string? FindObstacle(ReadOnlySpan<byte> path, ReadOnlySpan<byte> directory)
    {
        PathFamily family = PathText.FamilyOf(path);
        if (Compare(path, directory, family) != Nearness.Near)
        {
            return null;
        }

        var steps = new PathSteps(path);
        foreach (ReadOnlySpan<byte> wanted in new PathSteps(directory))
        {
            if (steps.MoveNext() && CompareStep(steps.Current, wanted, family == PathFamily.Drive) != Nearness.Match)
            {
                return FindObstacleOfStep(steps.Current, wanted);
            }
        }

        return null;
    }

    private static string FindObstacleOfStep(ReadOnlySpan<byte> step, ReadOnlySpan<byte> wanted)
    {
        if (step.ContainsAny(Wildcards))
        {
            return "some readers put other names in place of a step with `*`, `?`, `[`, `{` or `$`";
        }

        if (StepComparison.Compare(step, wanted, doesCaseCount: false) == Nearness.Match)
        {
            return "it differs only by case from a listed directory";
        }

        return Ascii.IsValid(step) && Ascii.IsValid(wanted)
            ? "`#` or a quotation mark in a step is cut off by some readers"
            : "some systems take other characters beyond ASCII for those of a listed directory";
    }

    /// <summary>Kernels keep links to the root below <c>/proc</c>, and to any file of a Mac below <c>/.vol</c>.</summary>
    private static bool LeadsAnywhere(ReadOnlySpan<byte> path)
    {
        var steps = new PathSteps(path);
        return steps.MoveNext() && (steps.Current.SequenceEqual("proc"u8) || steps.Current.SequenceEqual(".vol"u8));
    }

    /// <summary>Only hosts on Windows have drives.</summary>
    private static bool HasDrive(TextPatterns directories)
    {
        foreach (ReadOnlySpan<byte> directory in directories)
        {
            if (PathText.FamilyOf(directory) == PathFamily.Drive)
            {
                return true;
            }
        }

        return false;
    }

    private static Nearness Compare(ReadOnlySpan<byte> path, ReadOnlySpan<byte> directory, PathFamily family)
    {
        bool isOnDrive = family == PathFamily.Drive;
        if (isOnDrive && (path[0] | 0x20) != (directory[0] | 0x20))
        {
            return Nearness.Apart;
        }

        Nearness all = Nearness.Match;
        var steps = new PathSteps(path);
        foreach (ReadOnlySpan<byte> wanted in new PathSteps(directory))
        {
            if (!steps.MoveNext())
            {
                return Nearness.Apart;
            }

            Nearness one = CompareStep(steps.Current, wanted, isOnDrive);
            if (one != Nearness.Match && steps.Current.ContainsAny(Wildcards))
            {
                return Nearness.Near;
            }

            if (one == Nearness.Apart)
            {
                return Nearness.Apart;
            }

            all = all.And(one);
        }

        return all;
    }

    /// <summary>
    /// Who makes a URL of a path finds a fragment in it, and another step before that; who takes off quotation marks, one before those.
    /// </summary>
    private static Nearness CompareStep(ReadOnlySpan<byte> step, ReadOnlySpan<byte> wanted, bool isOnDrive)
    {
        Nearness whole = StepComparison.Compare(step, wanted, doesCaseCount: !isOnDrive);
        int end = step.IndexOf((byte)'#');
        bool isOther = whole == Nearness.Apart
            && !(end >= 0 && IsNear(step[..end], wanted))
            && !IsNear(step.TrimEnd("\"'"u8), wanted);
        return whole == Nearness.Apart && !isOther ? Nearness.Near : whole;
    }

    private static bool IsNear(ReadOnlySpan<byte> step, ReadOnlySpan<byte> wanted) =>
        StepComparison.Compare(step, wanted, doesCaseCount: false) != Nearness.Apart;
}
