namespace PolicyLayer.Grammars.Paths;

/// <summary>Why <c>within</c> can't judge a path: looked for only for the words of a denial.</summary>
internal static class WithinObstacles
{
    private const string Absolute = "a path that begins with `/`";
    private const string Relative = "a relative path";
    private const string OnDrive = "a path on a drive";

    /// <summary>For a path that <see cref="Within.Judge"/> leaves unjudgeable.</summary>
    public static Obstacle Find(ReadOnlySpan<byte> text, TextPatterns directories)
    {
        PathFamily family = PathText.FamilyOf(text);
        Families listed = FamiliesOf(directories);

        // Whoever says `~/x` or `x.txt` where an absolute path is asked hears of that first.
        if ((listed & Flag(family)) == 0 && !text.IsEmpty)
        {
            return Obstacle.Needs(Name(listed));
        }

        if (PathText.FindProblem(text, (listed & Families.Drive) != 0) is { } problem)
        {
            return Obstacle.Has(problem);
        }

        foreach (ReadOnlySpan<byte> directory in directories)
        {
            if (PathText.FamilyOf(directory) == family && Within.FindObstacle(text, directory) is { } near)
            {
                return Obstacle.Has(near);
            }
        }

        return Obstacle.Has(family == PathFamily.Absolute && listed == Families.Absolute
            ? "the system keeps links to other places below `/proc` and `/.vol`"
            : "whether it lies in a listed directory that begins otherwise can't be told");
    }

    private static Families FamiliesOf(TextPatterns directories)
    {
        Families all = Families.None;
        foreach (ReadOnlySpan<byte> directory in directories)
        {
            all |= Flag(PathText.FamilyOf(directory));
        }

        return all;
    }

    private static Families Flag(PathFamily family) => family switch
    {
        PathFamily.Absolute => Families.Absolute,
        PathFamily.Drive => Families.Drive,
        _ => Families.Relative,
    };

    private static string Name(Families listed) => listed switch
    {
        Families.Absolute => Absolute,
        Families.Relative => Relative,
        Families.Drive => OnDrive,
        Families.Absolute | Families.Relative => $"{Absolute} or a relative one",
        Families.Absolute | Families.Drive => $"{Absolute} or one on a drive",
        _ => $"{Relative} or one on a drive",
    };

    [Flags]
    private enum Families : byte
    {
        None = 0,
        Absolute = 1,
        Relative = 2,
        Drive = 4,
    }
}
