namespace PolicyLayer.Regexes;

/// <summary>What it takes to read texts: a pattern's program, where matches of it can begin, and its automaton.</summary>
internal sealed class RegexMatcher
{
    private readonly RegexProgram _program;
    private readonly RegexPrefilter? _prefilter;
    private readonly RegexCache _cache;

    // What every match holds, where that is worth a look; empty where a text need not be read to its end.
    private readonly byte[] _required;

    public RegexMatcher(RegexNode syntax, RegexLiterals literals, RegexMemory memory)
    {
        _program = RegexProgramCompiler.Compile(syntax);
        _prefilter = RegexPrefilter.For(_program, literals);
        _cache = new RegexCache(_program, memory, _prefilter is not null);
        _required = _program.IsAnchored || literals.Prefix.Length > 1 ? [] : literals.Required;
        IsFoundInAll = IsFoundAtStart();
    }

    public RegexCache Cache => _cache;

    /// <summary>Whether the empty text before all others is a match, so that no text need be read.</summary>
    public bool IsFoundInAll { get; }

    /// <summary>Whether the pattern is found; counts the work as <see cref="LinearRegex"/> does.</summary>
    public bool IsMatch(ReadOnlySpan<byte> utf8, ref long work)
    {
        if (_required.Length > 0 && utf8.IndexOf(_required) < 0)
        {
            work -= 1 + utf8.Length;
            return false;
        }

        var run = new RegexRun(_program, _prefilter, _cache, utf8, work);
        bool isFound = run.IsFound();
        work = run.Spent <= work ? work - run.Spent : -1;
        return isFound && work >= 0;
    }

    private bool IsFoundAtStart()
    {
        RegexStates states = RegexStates.OfThread;
        states.Begin(_program);
        states.Start(_program.BeforeText);
        return states.IsFound;
    }
}
