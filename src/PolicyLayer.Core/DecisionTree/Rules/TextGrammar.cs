using PolicyLayer.Calls;
using PolicyLayer.DecisionTree.Reading;
using PolicyLayer.Grammars;
using PolicyLayer.Grammars.Addresses;
using PolicyLayer.Grammars.Commands;
using PolicyLayer.Grammars.Paths;
using PolicyLayer.Json.Values;

namespace PolicyLayer.DecisionTree.Rules;

/// <summary>An operator of meaning: what it reads an argument and its patterns by, and what that costs.</summary>
internal sealed class TextGrammar
{
    private static readonly TextGrammar[] All =
    [
        new("within", Within.FindProblem, static (text, patterns, _) => Within.Judge(text, patterns), WithinObstacles.Find),
        new("url_in", UrlIn.FindProblem, static (text, patterns, _) => UrlIn.Judge(text, patterns), UrlObstacles.Find),
        new("email_in", EmailIn.FindProblem, static (text, patterns, _) => EmailIn.Judge(text, patterns), EmailObstacles.Find),
        new("command_in", CommandIn.FindProblem, CommandIn.Judge, CommandIn.FindObstacle, CommandIn.NamesNoProgram),
        new("argv_in", ArgvIn.FindProblem, null, null, ArgvIn.NamesNoProgram),
    ];

    private readonly FindPatternProblem _findProblem;

    /// <summary>Null for the one that reads an array of words.</summary>
    private readonly JudgeText? _judge;

    private readonly FindTextObstacle? _findObstacle;
    private readonly Predicate<ReadOnlySpan<byte>>? _namesNoProgram;
    private readonly int _byteSteps;
    private readonly int _matchSteps;

    private TextGrammar(
        string op,
        FindPatternProblem findProblem,
        JudgeText? judge,
        FindTextObstacle? findObstacle,
        Predicate<ReadOnlySpan<byte>>? namesNoProgram = null)
    {
        Operator = op;
        _findProblem = findProblem;
        _judge = judge;
        _findObstacle = findObstacle;
        _namesNoProgram = namesNoProgram;
        _byteSteps = ReadsCommands ? StepCosts.CommandByte : StepCosts.GrammarByte;
        _matchSteps = ReadsCommands ? StepCosts.CommandMatch : StepCosts.GrammarMatch;
    }

    private delegate string? FindPatternProblem(ReadOnlySpan<byte> pattern);

    private delegate Judgement JudgeText(ReadOnlySpan<byte> text, TextPatterns patterns, bool mustHold);

    private delegate Obstacle FindTextObstacle(ReadOnlySpan<byte> text, TextPatterns patterns);

    public string Operator { get; }

    /// <summary>What an argument must be, in the words that follow <c>must be</c>.</summary>
    public string Need => Operator switch
    {
        "within" => "a path",
        "url_in" => "an absolute URL",
        "email_in" => EmailObstacles.BareAddress,
        "command_in" => "a script of plain commands",
        _ => ArgvIn.Words,
    };

    /// <summary>The same of an argument of another kind.</summary>
    public string NeedOfKind => _judge is null ? Need : Needs.Kind(JsonKind.String);

    private bool ReadsCommands => _namesNoProgram is not null;

    /// <summary>The grammar of an operator; null if it isn't one of meaning.</summary>
    public static TextGrammar? Of(string op) => Array.Find(All, grammar => grammar.Operator == op);

    /// <summary>Whether arguments of a kind are read.</summary>
    public bool Takes(JsonKind kind) => kind == (_judge is null ? JsonKind.Array : JsonKind.String);

    /// <summary>Why a decoded pattern can't be read, in a few words; null if it can.</summary>
    public string? FindProblem(ReadOnlySpan<byte> pattern) => _findProblem(pattern);

    /// <summary>Whether a pattern without a problem takes any program.</summary>
    public bool TakesAnyProgram(ReadOnlySpan<byte> pattern) => ReadsCommands && _namesNoProgram!(pattern);

    /// <summary>Judges an argument by patterns without a problem; of another kind, or when it takes too much work, unjudgeable.</summary>
    /// <param name="argument">A string; an array of strings for <c>argv_in</c>.</param>
    /// <param name="patterns">The patterns.</param>
    /// <param name="mustHold">Whether every command must match, or one is enough.</param>
    /// <param name="scratch">What the call is judged with.</param>
    public Judgement Judge(in JsonValue argument, TextList patterns, bool mustHold, CallScratch scratch) => argument.Kind switch
    {
        JsonKind.String when _judge is not null => JudgeString(argument.String, patterns, mustHold, scratch),
        JsonKind.Array when _judge is null => JudgeWords(argument, patterns, scratch),
        _ => Judgement.Unjudgeable,
    };

    /// <summary>Why an argument can't be judged, for one of a kind that is read and can't.</summary>
    public Obstacle FindObstacle(in JsonValue argument, TextList patterns, CallScratch scratch)
    {
        if (argument.Kind == JsonKind.String)
        {
            // Judging it has paid for as much.
            return _findObstacle!(scratch.Utf8(argument.String), patterns.Patterns);
        }

        foreach (JsonValue element in argument.EnumerateElements())
        {
            if (element.Kind != JsonKind.String)
            {
                return Obstacle.Needs(ArgvIn.Words);
            }
        }

        // Judged just before, so that the words are there.
        return ArgvIn.FindObstacle(new ArgumentWords(scratch.Words.Texts, scratch.Words.Ends));
    }

    /// <summary>The patterns that an operand from the call has; null if it is of another kind, or one has a problem.</summary>
    public TextList? ReadPatterns(in JsonValue operand, CallScratch scratch)
    {
        TextList patterns = scratch.Patterns;
        patterns.Clear();
        if (operand.Kind == JsonKind.String)
        {
            return TryAddPattern(operand, patterns, scratch.Work) ? patterns : null;
        }

        if (operand.Kind != JsonKind.Array)
        {
            return null;
        }

        foreach (JsonValue element in operand.EnumerateElements())
        {
            if (!TryAddPattern(element, patterns, scratch.Work))
            {
                return null;
            }
        }

        return patterns.Count == 0 ? null : patterns;
    }

    /// <summary>At most as many as a script has.</summary>
    private static int CountCommands(ReadOnlySpan<byte> script) =>
        1 + script.Count((byte)';') + script.Count((byte)'|') + script.Count((byte)'&') + script.Count((byte)'\n');

    private Judgement JudgeWords(in JsonValue array, TextList patterns, CallScratch scratch)
    {
        TextList words = scratch.Words;
        words.Clear();
        foreach (JsonValue element in array.EnumerateElements())
        {
            if (element.Kind != JsonKind.String || !scratch.Work.TrySpend(StepCosts.Comparison + element.String.Raw.Length))
            {
                return Judgement.Unjudgeable;
            }

            words.Add(element.String);
        }

        return scratch.Work.TrySpend(CostOf(words.Length + words.Count, 1, patterns))
            ? ArgvIn.Judge(new ArgumentWords(words.Texts, words.Ends), patterns.Patterns)
            : Judgement.Unjudgeable;
    }

    /// <summary>
    /// Each pattern may be read once for each command, and a text once for each pattern, beside what reading it alone takes.
    /// </summary>
    private long CostOf(int textBytes, int commands, TextList patterns) =>
        StepCosts.Grammar
        + (textBytes * (_byteSteps + ((long)_matchSteps * patterns.Count)))
        + (commands * (((long)StepCosts.GrammarPatternByte * patterns.Length) + ((long)StepCosts.GrammarPattern * patterns.Count)));

    private Judgement JudgeString(JsonString argument, TextList patterns, bool mustHold, CallScratch scratch)
    {
        if (!scratch.Work.TrySpend(argument.CostOfDecoding + (argument.Raw.Length / StepCosts.BlockBytes)))
        {
            return Judgement.Unjudgeable;
        }

        ReadOnlySpan<byte> text = scratch.Utf8(argument);
        return scratch.Work.TrySpend(CostOf(text.Length, ReadsCommands ? CountCommands(text) : 1, patterns))
            ? _judge!(text, patterns.Patterns, mustHold)
            : Judgement.Unjudgeable;
    }

    private bool TryAddPattern(in JsonValue value, TextList patterns, WorkBudget work) =>
        value.Kind == JsonKind.String
        && work.TrySpend(StepCosts.GrammarPattern + ((long)_byteSteps * value.String.Raw.Length))
        && _findProblem(patterns.Add(value.String)) is null;
}
