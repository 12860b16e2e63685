using PolicyLayer.Json.Values;

namespace PolicyLayer.Grammars.Commands;

/// <summary>The operator <c>argv_in</c>: one command's words, for a tool that starts a program without a shell.</summary>
internal static class ArgvIn
{
    /// <summary>What an argument must be.</summary>
    public const string Words = "an array of a command's words, each a string";

    /// <summary>Null if the pattern parses, else what stands in it that may not.</summary>
    public static string? FindProblem(ReadOnlySpan<byte> pattern) => CommandPattern.FindProblem(pattern);

    /// <summary>Whether a pattern without a problem takes any program: <c>*</c>, <c>./*</c> or <c>**</c> alone.</summary>
    public static bool NamesNoProgram(ReadOnlySpan<byte> pattern) => CommandPattern.NamesNoProgram(pattern);

    /// <param name="words">The array's words.</param>
    /// <param name="patterns">Patterns without a problem.</param>
    public static Judgement Judge(ArgumentWords words, TextPatterns patterns) =>
        words.IsEmpty || words.Contains(0) ? Judgement.Unjudgeable : CommandMatch.Judge(words, patterns);

    /// <summary>Why words that can't be judged can't.</summary>
    public static Obstacle FindObstacle(ArgumentWords words)
    {
        if (words.IsEmpty)
        {
            return Obstacle.Needs(Words);
        }

        return Obstacle.Has(words.Contains(0) ? CommandProblems.Control : CommandProblems.ProgramCase);
    }
}
