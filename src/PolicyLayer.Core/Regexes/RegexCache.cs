namespace PolicyLayer.Regexes;

/// <summary>
/// The automaton of one program, made when a text first asks for it. One that has no room left serves on, and is thrown away once so much
/// text had to be read without it that building a new one costs little beside. Safe for concurrent use.
/// </summary>
internal sealed class RegexCache
{
    private const long MissedBytesBeforeClearing = 1024 * 1024;

    private readonly RegexProgram _program;
    private readonly RegexMemory _memory;
    private readonly bool _marksStart;
    private RegexAutomaton? _automaton;
    private long _missedBytes;

    public RegexCache(RegexProgram program, RegexMemory memory, bool marksStart)
    {
        _program = program;
        _memory = memory;
        _marksStart = marksStart;
    }

    /// <summary>The automaton; null where there is no memory for one.</summary>
    public RegexAutomaton? Get() => Volatile.Read(ref _automaton) ?? Create();

    /// <summary>Counts bytes that were read without the automaton, for want of room.</summary>
    public void Miss(RegexAutomaton? automaton, int bytes)
    {
        if (Interlocked.Add(ref _missedBytes, bytes) < MissedBytesBeforeClearing)
        {
            return;
        }

        Interlocked.Exchange(ref _missedBytes, 0);
        if (automaton is { IsFull: true })
        {
            Clear();
        }
        else
        {
            _memory.ClearIfShort();
        }
    }

    public void Clear() => Interlocked.Exchange(ref _automaton, null)?.Close();

    private RegexAutomaton? Create()
    {
        if (RegexAutomaton.TryCreate(_program, _memory, _marksStart, RegexStates.OfThread) is not { } created)
        {
            return null;
        }

        RegexAutomaton? first = Interlocked.CompareExchange(ref _automaton, created, null);
        if (first is null)
        {
            return created;
        }

        created.Close();
        return first;
    }
}
