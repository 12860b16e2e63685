using PolicyLayer.Json.Values;

namespace PolicyLayer.Grammars.Commands;

/// <summary>The operator <c>command_in</c>: one script for sh, dash or bash.</summary>
internal static class CommandIn
{
    /// <summary>Null if the pattern parses, else what stands in it that may not.</summary>
    public static string? FindProblem(ReadOnlySpan<byte> pattern) => CommandPattern.FindProblem(pattern);

    /// <summary>Whether a pattern without a problem takes any program: <c>*</c>, <c>./*</c> or <c>**</c> alone.</summary>
    public static bool NamesNoProgram(ReadOnlySpan<byte> pattern) => CommandPattern.NamesNoProgram(pattern);

    /// <param name="text">The script, decoded, well-formed UTF-8.</param>
    /// <param name="patterns">Patterns without a problem.</param>
    /// <param name="mustHold">Whether every simple command must match a pattern, as in <c>require</c>; else one is enough.</param>
    public static Judgement Judge(ReadOnlySpan<byte> text, TextPatterns patterns, bool mustHold)
    {
        var script = new ShellReader(text);
        Judgement judgement = Judgements.Of(mustHold);
        while (script.MoveNextCommand())
        {
            ShellReader command = script;
            script.ReadCommand();
            if (script.Problem is null)
            {
                Judgement matches = CommandMatch.Judge(command, patterns);
                judgement = mustHold ? judgement.And(matches) : judgement.Or(matches);
            }
        }

        return script.Problem is null ? judgement : Judgement.Unjudgeable;
    }

    /// <summary>Why a script that can't be judged can't.</summary>
    public static Obstacle FindObstacle(ReadOnlySpan<byte> text, TextPatterns patterns)
    {
        var script = new ShellReader(text);
        while (script.MoveNextCommand())
        {
            script.ReadCommand();
        }

        return Obstacle.Has(script.Problem ?? CommandProblems.ProgramCase);
    }
}
