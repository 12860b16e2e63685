using System.Runtime.InteropServices;

namespace PolicyLayer.Regexes;

/// <summary>
/// Which states of a program lead to which, with the splits between them followed once and for all. The states that can be active, and the
/// match, have positions in the order of their instructions. One program at a time.
/// </summary>
internal sealed class RegexLinks
{
    /// <summary>What following a program's splits may cost, as a multiple of its states, before it is left to others.</summary>
    public const int MaxVisitsPerState = 16;

    private const int BitsPerWord = 64;
    private const int NoPosition = -1;

    private readonly List<int> _collected = [];
    private readonly List<int> _pending = [];
    private RegexProgram _program = null!;
    private int[] _positionOf = [];
    private int[] _stateAt = [];
    private int[] _targets = [];

    // By position: where its targets begin and end, and the last of the run of positions that have the same.
    private int[] _from = [];
    private int[] _to = [];
    private int[] _lastOfRun = [];
    private int[] _visited = [];
    private int _generation;
    private int _visits;
    private bool _isAfterNewline;
    private bool _isCounting;

    public int Words { get; private set; }

    /// <summary>What is active where nothing of a match has been read, but at the start of the text.</summary>
    public ulong[] Start { get; private set; } = [];

    public ulong[] Assertions { get; private set; } = [];

    public bool HasAssertions { get; private set; }

    /// <summary>The states that take a code point and lead to themselves.</summary>
    public ulong[] ToSelf { get; private set; } = [];

    /// <summary>The states that take a code point and lead to the position before theirs.</summary>
    public ulong[] ToNeighbour { get; private set; } = [];

    /// <summary>The states that take a code point and lead to the second position before theirs.</summary>
    public ulong[] ToSecond { get; private set; } = [];

    /// <summary>The states that take a code point and lead to others than those.</summary>
    public ulong[] ToOthers { get; private set; } = [];

    public int PositionOf(int state) => _positionOf[state];

    public int StateAt(int position) => _stateAt[position];

    /// <summary>Whether a program's links are so few that they can be collected. They are counted only.</summary>
    public static bool AreFew(RegexProgram program)
    {
        var links = new RegexLinks
        {
            _program = program,
            _isAfterNewline = program.ReadsNeighbours && program.LooksBehind,
            _isCounting = true,
            _visited = new int[program.Instructions.Length],
        };
        bool areFew = links.TryFollow(program.Start, isAfterCharacter: true);
        for (int i = 1; i < program.Instructions.Length && areFew; i++)
        {
            RegexInstruction instruction = program.Instructions[i];
            areFew = !HasPosition(instruction)
                || links.TryFollow(instruction.Next, isAfterCharacter: instruction.Operation != RegexOperation.Assert);
        }

        return areFew;
    }

    public RegexAssertion AssertionAt(int position) => (RegexAssertion)_program.Instructions[_stateAt[position]].Operand;

    /// <summary>What a position leads to, without what is near where it takes a code point.</summary>
    public ReadOnlySpan<int> TargetsOf(int position) => _targets.AsSpan(_from[position], _to[position] - _from[position]);

    public int LastOfRun(int position) => _lastOfRun[position];

    /// <summary>
    /// Collects the links of a program; false where they are too many, or depend on what stands before an assertion.
    /// </summary>
    /// <param name="program">The program.</param>
    /// <param name="isAfterNewline">Whether a character that is taken is a newline, so that a line begins behind it.</param>
    public bool TryCollect(RegexProgram program, bool isAfterNewline)
    {
        _program = program;
        _isAfterNewline = isAfterNewline;
        _collected.Clear();
        _visits = 0;
        int positions = Number();
        Words = (positions + BitsPerWord - 1) / BitsPerWord;
        Start = new ulong[Words];
        Assertions = new ulong[Words];
        ToSelf = new ulong[Words];
        ToNeighbour = new ulong[Words];
        ToSecond = new ulong[Words];
        ToOthers = new ulong[Words];
        HasAssertions = false;
        if (!TryFollow(program.Start, isAfterCharacter: true))
        {
            return false;
        }

        foreach (int target in _collected)
        {
            Mark(Start, target);
        }

        _collected.Clear();
        for (int position = 1; position < positions; position++)
        {
            if (!TryLink(position))
            {
                return false;
            }
        }

        for (int position = positions - 1; position > 0; position--)
        {
            bool isRun = position + 1 < positions && _from[position] == _from[position + 1] && _to[position] == _to[position + 1];
            _lastOfRun[position] = isRun ? _lastOfRun[position + 1] : position;
        }

        _targets = [.. _collected];
        return true;
    }

    /// <summary>The positions that take a code point of a class.</summary>
    public ulong[] FindTakers(int @class)
    {
        ulong[] takers = new ulong[Words];
        for (int position = 1; position < _stateAt.Length; position++)
        {
            RegexInstruction instruction = _program.Instructions[_stateAt[position]];
            if (instruction.Operation >= RegexOperation.TakeClass && _program.Takes(instruction, @class))
            {
                Mark(takers, position);
            }
        }

        return takers;
    }

    private static void Mark(ulong[] bits, int position) => bits[position / BitsPerWord] |= 1UL << position;

    private static bool HasPosition(RegexInstruction instruction) => instruction.Operation switch
    {
        RegexOperation.Split => false,
        RegexOperation.Assert => ((RegexAssertion)instruction.Operand).LooksAhead(),
        _ => true,
    };

    private int Number()
    {
        ReadOnlySpan<RegexInstruction> instructions = _program.Instructions;
        _positionOf = new int[instructions.Length];
        _visited = new int[instructions.Length];
        _generation = 0;
        var stateAt = new List<int>(instructions.Length);
        for (int i = 0; i < instructions.Length; i++)
        {
            _positionOf[i] = HasPosition(instructions[i]) ? stateAt.Count : NoPosition;
            if (HasPosition(instructions[i]))
            {
                stateAt.Add(i);
            }
        }

        _stateAt = [.. stateAt];
        _from = new int[_stateAt.Length];
        _to = new int[_stateAt.Length];
        _lastOfRun = new int[_stateAt.Length];
        return _stateAt.Length;
    }

    private bool TryLink(int position)
    {
        RegexInstruction instruction = _program.Instructions[_stateAt[position]];
        bool isAssertion = instruction.Operation == RegexOperation.Assert;
        int from = _collected.Count;
        if (!TryFollow(instruction.Next, isAfterCharacter: !isAssertion))
        {
            return false;
        }

        if (isAssertion)
        {
            Mark(Assertions, position);
            HasAssertions = true;
        }
        else
        {
            MarkNear(ToSelf, position, position, from);
            MarkNear(ToNeighbour, position, position - 1, from);
            MarkNear(ToSecond, position, position - 2, from);
        }

        ShareTargets(position, from);
        if (!isAssertion && _to[position] > _from[position])
        {
            Mark(ToOthers, position);
        }

        return true;
    }

    // Makes a bit of a target, where that is near.
    private void MarkNear(ulong[] bits, int position, int target, int from)
    {
        int index = _collected.IndexOf(target, from);
        if (index >= 0)
        {
            _collected.RemoveAt(index);
            Mark(bits, position);
        }
    }

    // The targets from there on are this position's; those of the position before it, if they are the same.
    private void ShareTargets(int position, int from)
    {
        (_from[position], _to[position]) = (from, _collected.Count);
        ReadOnlySpan<int> all = CollectionsMarshal.AsSpan(_collected);
        if (all[from..].SequenceEqual(all[_from[position - 1].._to[position - 1]]))
        {
            _collected.RemoveRange(from, all.Length - from);
            (_from[position], _to[position]) = (_from[position - 1], _to[position - 1]);
        }
    }

    private void Collect(int state)
    {
        if (!_isCounting)
        {
            _collected.Add(_positionOf[state]);
        }
    }

    // Adds the positions that a state leads to.
    private bool TryFollow(int state, bool isAfterCharacter)
    {
        _generation++;
        _pending.Add(state);
        while (_pending.Count > 0)
        {
            state = _pending[^1];
            _pending.RemoveAt(_pending.Count - 1);
            if (_visited[state] == _generation)
            {
                continue;
            }

            _visited[state] = _generation;
            RegexInstruction instruction = _program.Instructions[state];
            if (HasPosition(instruction))
            {
                Collect(state);
            }
            else if (instruction.Operation == RegexOperation.Split)
            {
                _pending.Add(instruction.Operand);
                _pending.Add(instruction.Next);
            }
            else if (!isAfterCharacter)
            {
                _pending.Clear();
                return false;
            }
            else if (_isAfterNewline && instruction.Operand == (int)RegexAssertion.LineStart)
            {
                _pending.Add(instruction.Next);
            }

            if (++_visits > MaxVisitsPerState * _program.Instructions.Length)
            {
                _pending.Clear();
                return false;
            }
        }

        return true;
    }
}
