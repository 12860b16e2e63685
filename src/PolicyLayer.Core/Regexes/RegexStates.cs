using System.Runtime.CompilerServices;

namespace PolicyLayer.Regexes;

/// <summary>
/// The states of a program that are active at one place of a text: those that take a code point, and the assertions that can't be
/// decided before it is known what follows. One program and thread at a time; what it holds grows with the largest program only.
/// </summary>
internal sealed class RegexStates : IRegexStates
{
    [ThreadStatic]
    private static RegexStates? _ofThread;

    private int[] _active = [];
    private int[] _following = [];

    // By state: the generation in which it was last visited. Each place of the text is one generation.
    private int[] _visited = [];
    private int[] _pending = [];
    private int _generation;
    private RegexProgram _program = null!;

    /// <summary>The calling thread's own.</summary>
    public static RegexStates OfThread => _ofThread ??= new RegexStates();

    public int Count { get; private set; }

    public bool IsFound { get; private set; }

    public bool Pays => true;

    public ReadOnlySpan<int> Active => _active.AsSpan(0, Count);

    /// <summary>Gives back what a large program made the calling thread's own grow.</summary>
    public static void TrimOfThread(int keptStates)
    {
        if (_ofThread?._active.Length > keptStates)
        {
            _ofThread = null;
        }
    }

    /// <summary>Whether an active state is an assertion.</summary>
    public bool AwaitsDecision
    {
        get
        {
            foreach (int state in _active.AsSpan(0, Count))
            {
                if (_program.Instructions[state].Operation == RegexOperation.Assert)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Takes up a program, with no state active.</summary>
    public void Begin(RegexProgram program)
    {
        _program = program;
        int states = program.Instructions.Length;
        if (_active.Length < states)
        {
            _active = new int[states];
            _following = new int[states];
            _visited = new int[states];
            _pending = new int[states];
            _generation = 0;
        }

        NewPlace();
    }

    /// <summary>The active states in order, until a code point is taken.</summary>
    public Span<int> Sort()
    {
        Span<int> sorted = _following.AsSpan(0, Count);
        _active.AsSpan(0, Count).CopyTo(sorted);
        sorted.Sort();
        return sorted;
    }

    /// <summary>Makes these states the active ones.</summary>
    public void Load(ReadOnlySpan<int> active)
    {
        NewPlace();
        foreach (int state in active)
        {
            Activate(state);
        }
    }

    /// <summary>Makes the states that are active as bits the active ones.</summary>
    public void Load(RegexBitStates bits)
    {
        NewPlace();
        bits.CopyActiveTo(this);
    }

    /// <summary>Makes one more state active, which isn't yet.</summary>
    public void Activate(int state)
    {
        _active[Count++] = state;
        _visited[state] = _generation;
    }

    public void Start(RegexNeighbour before)
    {
        NewPlace();
        Follow(_program.Start, before);
    }

    public void Decide(RegexNeighbour before, RegexNeighbour after)
    {
        ReadOnlySpan<RegexInstruction> instructions = _program.Instructions;
        for (int i = 0; i < Count; i++)
        {
            RegexInstruction instruction = instructions[_active[i]];
            if (instruction.Operation == RegexOperation.Assert && ((RegexAssertion)instruction.Operand).Holds(before, after))
            {
                Follow(instruction.Next, before);
            }
        }
    }

    // The way of last resort has no time to get warm.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Take(int @class, RegexNeighbour neighbour)
    {
        ReadOnlySpan<RegexInstruction> instructions = _program.Instructions;
        int count = Count;
        (_active, _following) = (_following, _active);
        NewPlace();
        foreach (int state in _following.AsSpan(0, count))
        {
            RegexInstruction instruction = instructions[state];
            if (instruction.Operation >= RegexOperation.TakeClass && _program.Takes(instruction, @class))
            {
                Follow(instruction.Next, neighbour);
            }
        }

        if (!_program.IsAnchored)
        {
            Follow(_program.Start, neighbour);
        }
    }

    private void NewPlace()
    {
        Count = 0;
        IsFound = false;
        if (++_generation == int.MaxValue)
        {
            Array.Clear(_visited);
            _generation = 1;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Follow(int state, RegexNeighbour before)
    {
        if (_visited[state] == _generation)
        {
            return;
        }

        if (_program.Instructions[state].Operation >= RegexOperation.TakeClass)
        {
            _visited[state] = _generation;
            _active[Count++] = state;
        }
        else
        {
            FollowAll(state, before);
        }
    }

    // Every state is pushed once at most, by the first split that leads to it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FollowAll(int state, RegexNeighbour before)
    {
        ReadOnlySpan<RegexInstruction> instructions = _program.Instructions;
        int pending = 0;
        while (true)
        {
            while (_visited[state] != _generation)
            {
                _visited[state] = _generation;
                RegexInstruction instruction = instructions[state];
                switch (instruction.Operation)
                {
                    case RegexOperation.Split:
                        _pending[pending++] = instruction.Operand;
                        state = instruction.Next;
                        continue;
                    case RegexOperation.Assert when !((RegexAssertion)instruction.Operand).LooksAhead():
                        state = ((RegexAssertion)instruction.Operand).Holds(before, RegexNeighbour.Other) ? instruction.Next : state;
                        continue;
                    case RegexOperation.Match:
                        IsFound = true;
                        break;
                    default:
                        _active[Count++] = state;
                        break;
                }
            }

            if (pending == 0)
            {
                return;
            }

            state = _pending[--pending];
        }
    }
}
