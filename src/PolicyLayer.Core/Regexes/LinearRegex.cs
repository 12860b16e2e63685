namespace PolicyLayer.Regexes;

/// <summary>
/// A compiled pattern of the dialect. Immutable to its users and safe for concurrent use; once warm, matching allocates nothing.
/// </summary>
internal sealed class LinearRegex
{
    // For less, it isn't worth a look at what the thread keeps.
    private const long MaxSmallWork = 65_536;

    // What a thread keeps for its next text takes some eighty bytes a state.
    private const int KeptStates = 1_024;

    private readonly RegexLiterals _literals;
    private readonly RegexProgram _program;
    private readonly RegexPrefilter? _prefilter;
    private readonly RegexCache _cache;
    private readonly bool _isFoundInAll;

    public LinearRegex(RegexNode syntax, RegexMemory memory)
    {
        _literals = RegexLiterals.Of(syntax);
        _program = RegexProgramCompiler.Compile(syntax);
        _prefilter = RegexPrefilter.For(_program, _literals);
        _cache = new RegexCache(_program, memory, _prefilter is not null);
        _isFoundInAll = IsFoundAtStart();
    }

    /// <summary>Gives back what large patterns made the calling thread keep, at the end of a call.</summary>
    /// <param name="spent">What the call cost.</param>
    public static void TrimThread(long spent)
    {
        if (spent > MaxSmallWork)
        {
            RegexStates.TrimOfThread(KeptStates);
            RegexBitStates.TrimOfThread(KeptStates);
        }
    }

    /// <summary>Whether the pattern is found anywhere in a well-formed text, whatever it costs.</summary>
    public bool IsMatch(ReadOnlySpan<byte> utf8)
    {
        long work = long.MaxValue;
        return IsMatch(utf8, ref work);
    }

    /// <summary>
    /// Whether the pattern is found anywhere in a text, in time linear in its length. What it costs is counted: for each byte the states
    /// of the automaton that are active there, at least one; and one for a byte that a search skips. The same text always costs the same.
    /// </summary>
    /// <param name="utf8">The text, well-formed.</param>
    /// <param name="work">What may be spent, and what is left of it; less than 0 if it was too little, and then the answer is false and
    /// means nothing.</param>
    public bool IsMatch(ReadOnlySpan<byte> utf8, ref long work)
    {
        if (_isFoundInAll)
        {
            work--;
            return work >= 0;
        }

        if (_literals.IsWhole)
        {
            work -= _literals.IsAtStart || _literals.IsAtEnd ? 1 : 1 + utf8.Length;
            return work >= 0 && IsLiteralFound(utf8);
        }

        if (!utf8.EndsWith(_literals.Suffix))
        {
            work--;
            return false;
        }

        var run = new RegexRun(_program, _prefilter, _cache, utf8, work);
        bool isFound = run.IsFound();
        work = run.Spent <= work ? work - run.Spent : -1;
        return isFound && work >= 0;
    }

    // Whether the empty text before all others is a match, so that no text need be read.
    private bool IsFoundAtStart()
    {
        RegexStates states = RegexStates.OfThread;
        states.Begin(_program);
        states.Start(_program.BeforeText);
        return states.IsFound;
    }

    private bool IsLiteralFound(ReadOnlySpan<byte> text) => (_literals.IsAtStart, _literals.IsAtEnd) switch
    {
        (true, true) => text.SequenceEqual(_literals.Prefix),
        (true, false) => text.StartsWith(_literals.Prefix),
        (false, true) => text.EndsWith(_literals.Prefix),
        _ => text.IndexOf(_literals.Prefix) >= 0,
    };
}
