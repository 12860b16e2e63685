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
    private readonly RegexMemory _memory;

    // The syntax, until a text is read: of a policy's patterns most are never asked for. Then the matcher, which needs the syntax no more.
    private object _pattern;

    /// <param name="syntax">The pattern, of no more states than an automaton may have.</param>
    /// <param name="memory">What the regexes of one policy may remember together.</param>
    public LinearRegex(RegexNode syntax, RegexMemory memory)
    {
        RegexNode searched = RegexEdges.Trim(syntax);
        _literals = RegexLiterals.Of(searched);
        _memory = memory;
        _pattern = searched;
    }

    /// <summary>Gives back what large patterns made the calling thread keep, at the end of a call.</summary>
    /// <param name="spent">What the call cost.</param>
    public static void TrimThread(long spent)
    {
        if (spent > MaxSmallWork)
        {
            RegexStates.TrimOfThread(KeptStates);
            RecentBitStates.TrimOfThread(KeptStates);
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
    /// of the automaton that are active there, at least one; one for a byte that a search for a beginning skips, and 16 for each such
    /// search. The same text always costs the same.
    /// </summary>
    /// <param name="utf8">The text, well-formed.</param>
    /// <param name="work">What may be spent, and what is left of it; less than 0 if it was too little, and then the answer is false and
    /// means nothing.</param>
    public bool IsMatch(ReadOnlySpan<byte> utf8, ref long work)
    {
        if (_literals.IsWhole)
        {
            bool readsNone = _literals.IsAtStart || _literals.IsAtEnd || _literals.Prefix.Length == 0;
            work -= readsNone ? 1 : 1 + utf8.Length;
            return work >= 0 && IsLiteralFound(utf8);
        }

        if (!utf8.EndsWith(_literals.Suffix))
        {
            work--;
            return false;
        }

        RegexMatcher matcher = Volatile.Read(ref _pattern) as RegexMatcher ?? CreateMatcher();
        if (matcher.IsFoundInAll)
        {
            work--;
            return work >= 0;
        }

        return matcher.IsMatch(utf8, ref work);
    }

    private RegexMatcher CreateMatcher()
    {
        object pattern = Volatile.Read(ref _pattern);
        if (pattern is not RegexNode syntax)
        {
            return (RegexMatcher)pattern;
        }

        var matcher = new RegexMatcher(syntax, _literals, _memory);
        object first = Interlocked.CompareExchange(ref _pattern, matcher, syntax);
        if (first != syntax)
        {
            return (RegexMatcher)first;
        }

        _memory.Register(matcher.Cache);
        return matcher;
    }

    private bool IsLiteralFound(ReadOnlySpan<byte> text) => (_literals.IsAtStart, _literals.IsAtEnd) switch
    {
        (true, true) => text.SequenceEqual(_literals.Prefix),
        (true, false) => text.StartsWith(_literals.Prefix),
        (false, true) => text.EndsWith(_literals.Prefix),
        _ => text.IndexOf(_literals.Prefix) >= 0,
    };
}
