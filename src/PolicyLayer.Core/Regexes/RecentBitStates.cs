namespace PolicyLayer.Regexes;

/// <summary>
/// The links of the programs that a thread last read state by state. Collecting a program's takes time that no text is charged for, so they
/// are collected only after as much work was done without. INVARIANT: that decides how fast an answer comes, never which, nor its cost.
/// </summary>
internal sealed class RecentBitStates
{
    [ThreadStatic]
    private static RecentBitStates? _ofThread;

    private const int MaxPrograms = 16;

    private readonly RegexBitStates[] _programs = [.. Enumerable.Range(0, MaxPrograms).Select(_ => new RegexBitStates())];
    private int _oldest;
    private long _spentWithout;

    /// <summary>The calling thread's own.</summary>
    public static RecentBitStates OfThread => _ofThread ??= new RecentBitStates();

    /// <summary>Gives back what a large program made the calling thread's own grow.</summary>
    public static void TrimOfThread(int keptStates)
    {
        if (_ofThread is not null && Array.Exists(_ofThread._programs, program => program.Size > keptStates))
        {
            _ofThread = null;
        }
    }

    /// <summary>A program's states as bits, with these active; null where it doesn't pay, or not yet.</summary>
    public RegexBitStates? TryBegin(RegexProgram program, ReadOnlySpan<int> active)
    {
        RegexBitStates? states = Find(program);
        if (states is null && MissingFor(program) <= 0)
        {
            _spentWithout = 0;
            states = Collect(program);
        }

        return states is not null && states.TryBegin(active) ? states : null;
    }

    /// <summary>What must be spent without links before those of a program are collected; no end of it for one that has too many.</summary>
    public long MissingFor(RegexProgram program) => Find(program) is { Fits: false }
        ? long.MaxValue / 2
        : ((long)program.Instructions.Length * RegexLinks.MaxVisitsPerState) - _spentWithout;

    /// <summary>Counts what was spent on a program for want of its links.</summary>
    public void AddSpent(long spent) => _spentWithout += spent;

    private RegexBitStates? Find(RegexProgram program)
    {
        foreach (RegexBitStates states in _programs)
        {
            if (states.Program == program)
            {
                return states;
            }
        }

        return null;
    }

    private RegexBitStates Collect(RegexProgram program)
    {
        RegexBitStates states = _programs[_oldest];
        _oldest = (_oldest + 1) % _programs.Length;
        states.Collect(program);
        return states;
    }
}
