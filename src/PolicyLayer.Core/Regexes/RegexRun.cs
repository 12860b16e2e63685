namespace PolicyLayer.Regexes;

/// <summary>
/// One text being read: by the automaton as far as it goes, and state by state where it has no room. Both skip the same bytes and count
/// the same work.
/// </summary>
internal ref struct RegexRun(RegexProgram program, RegexPrefilter? prefilter, RegexCache cache, ReadOnlySpan<byte> text, long budget)
{
    /// <summary>To begin a search takes as long as so many bytes of it.</summary>
    private const int SearchCost = 16;

    private readonly ReadOnlySpan<byte> _text = text;
    private int _position;
    private int _skippedTo = -1;
    private long _spent;

    /// <summary>What the run cost. One that cost more than the budget may have been given up.</summary>
    public readonly long Spent => _spent;

    public bool IsFound()
    {
        RegexAutomaton? automaton = cache.Get();
        return automaton is null ? IsFoundWithout() : IsFoundBy(automaton);
    }

    private bool IsFoundBy(RegexAutomaton automaton)
    {
        int row = automaton.FirstRow;
        int next = prefilter is null || program.LooksBehind ? row : RegexAutomaton.AtStart;
        while (true)
        {
            if (next == RegexAutomaton.AtStart)
            {
                row = automaton.StartRow(Skip());
            }

            next = automaton.Read(_text, ref _position, ref row, ref _spent);
            if (next == RegexAutomaton.Ended)
            {
                next = automaton.End(row, ref _spent);
            }

            switch (next)
            {
                case RegexAutomaton.Found:
                    return true;
                case RegexAutomaton.Dead:
                    return false;
                case RegexAutomaton.Unknown when !automaton.TryExtend(row, _text[_position..], RegexStates.OfThread):
                    return IsFoundAfter(automaton, row);
                case RegexAutomaton.Unknown when _spent > budget:
                    return false;
            }
        }
    }

    private bool IsFoundAfter(RegexAutomaton automaton, int row)
    {
        RegexStates states = RegexStates.OfThread;
        automaton.Load(row, states);

        // Not what the state remembers: that is what its assertions ask, and what is skipped hangs on where the text stands.
        RegexNeighbour before = program.NeighbourBefore(_text, _position);
        int missed = _text.Length - _position;
        bool isFound = IsFoundFrom(states, before);
        cache.Miss(automaton, missed);
        return isFound;
    }

    private bool IsFoundWithout()
    {
        RegexStates states = RegexStates.OfThread;
        states.Begin(program);
        states.Start(program.BeforeText);
        bool isFound = IsFoundFrom(states, program.BeforeText);
        cache.Miss(null, _text.Length);
        return isFound;
    }

    private bool IsFoundFrom(RegexStates states, RegexNeighbour before)
    {
        RecentBitStates recent = RecentBitStates.OfThread;
        bool? isFound = null;
        while (isFound is null)
        {
            if (!states.IsFound && recent.TryBegin(program, states.Active) is { } bits)
            {
                isFound = IsFoundBy(bits, ref before, pauseAt: long.MaxValue);
                states.Load(bits);
                continue;
            }

            long spentBefore = _spent;
            isFound = IsFoundBy(states, ref before, spentBefore + recent.MissingFor(program));
            recent.AddSpent(_spent - spentBefore);
        }

        return isFound.Value;
    }

    /// <summary>Reads on until the answer is known; null when so much was spent before that, or another way is faster.</summary>
    private bool? IsFoundBy(IRegexStates states, ref RegexNeighbour before, long pauseAt)
    {
        while (!states.IsFound)
        {
            if (before != RegexNeighbour.Edge && states.Count == prefilter?.StartStates(before))
            {
                before = Skip();
                states.Start(before);
            }

            if (_position == _text.Length)
            {
                states.Decide(before, RegexNeighbour.Edge);
                _spent += program.CostOf(states.Count);
                return states.IsFound;
            }

            int @class = program.Classes.ClassOfFirst(_text[_position..], out int length);
            RegexNeighbour neighbour = program.NeighbourOf(@class);
            states.Decide(before, neighbour);
            _spent += (long)program.CostOf(states.Count) * length;
            if (states.IsFound || _spent > budget)
            {
                break;
            }

            states.Take(@class, neighbour);
            if (states.Count == 0 && program.IsAnchored && !states.IsFound)
            {
                return false;
            }

            before = neighbour;
            _position += length;
            if (!states.IsFound && (_spent >= pauseAt || !states.Pays))
            {
                return null;
            }
        }

        return states.IsFound;
    }

    // To where a match can begin. Returns what stands before.
    private RegexNeighbour Skip()
    {
        int next = prefilter!.Skip(_text, _position);

        // Where the other way of reading goes on, it comes to the same place again.
        _spent += next - _position + (_position == _skippedTo ? 0 : SearchCost);
        _position = next;
        _skippedTo = next;
        return program.NeighbourBefore(_text, next);
    }
}
