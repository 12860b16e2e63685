using System.Buffers;
using System.Runtime.CompilerServices;

namespace PolicyLayer.Regexes;

/// <summary>
/// A program made deterministic as far as texts have asked for: what is active at a place is one state, with a row that says what comes
/// after each class of code points. Safe for concurrent use.
/// </summary>
/// <remarks>
/// Rows are only added, and an entry changes once, from unknown to what it stays. Only writers take the lock. A row is complete before an
/// entry leads to it, and a table that grew is complete before it is seen: a reader that still has the old one finds less in it, never
/// something else.
/// </remarks>
internal sealed class RegexAutomaton
{
    // What an entry can be besides a row.
    public const int Unknown = 0;
    public const int Dead = -1;
    public const int Found = -2;

    /// <summary>Back where nothing of a match has been read, for a program whose first bytes are searched for.</summary>
    public const int AtStart = -3;

    /// <summary>No entry: the text ended.</summary>
    public const int Ended = -4;

    private const int FirstRows = 4;

    // A row is where its entries by class begin. Before them stands what the end of the text leads to; before that, how many states are
    // active; and where that depends on what the next character is to assertions, `Varies`, and before it how many, by neighbour.
    private const int EndOffset = -1;
    private const int CountOffset = -2;
    private const int NeighbourCountOffset = -3;
    private const int NeighbourCounts = 3;
    private const int Varies = -1;

    // A search costs as much as reading so many bytes.
    private const int LongRun = 24;

    private readonly Lock _gate = new();
    private readonly RegexProgram _program;
    private readonly RegexMemory _memory;
    private readonly RegexStateTable _states = new();
    private readonly RegexRuns _runs;
    private readonly int _firstRow;
    private readonly int _stride;

    // By what stands before: the states where nothing of a match has been read; empty where the program has no use for them.
    private readonly int[] _startRows;
    private int[] _table;
    private int _bytes;
    private bool _isClosed;

    private RegexAutomaton(RegexProgram program, RegexMemory memory, bool marksStart, int bytes)
    {
        _program = program;
        _memory = memory;
        _startRows = marksStart ? new int[NeighbourCounts] : [];
        _bytes = bytes;
        _runs = new RegexRuns(program.Classes, memory);
        _firstRow = CountsOf(program) + 1;
        _stride = StrideOf(program);
        _table = new int[FirstRows * _stride];
    }

    /// <summary>The state at the start of the text.</summary>
    public int FirstRow => _firstRow;

    /// <summary>Whether a state found no room within the bound of one regex.</summary>
    public bool IsFull { get; private set; }

    /// <summary>An automaton that knows its first state; null where there is no memory for one.</summary>
    public static RegexAutomaton? TryCreate(RegexProgram program, RegexMemory memory, bool marksStart, RegexStates states)
    {
        int bytes = RegexStateTable.FirstBytes + (FirstRows * StrideOf(program) * sizeof(int));
        if (bytes > memory.BytesPerRegex || !memory.TryTake(bytes))
        {
            return null;
        }

        var automaton = new RegexAutomaton(program, memory, marksStart, bytes);
        states.Begin(program);
        if (automaton.TryAddStarts(states))
        {
            return automaton;
        }

        automaton.Close();
        return null;
    }

    /// <summary>The state where nothing of a match has been read.</summary>
    public int StartRow(RegexNeighbour before) => _startRows[(int)before];

    /// <summary>Reads the text for as long as it is known what comes next.</summary>
    /// <param name="text">The text.</param>
    /// <param name="position">How far it was read.</param>
    /// <param name="row">The state there.</param>
    /// <param name="spent">The sum, over the bytes read, of the states that were active.</param>
    /// <returns>Why reading stopped.</returns>
    public int Read(ReadOnlySpan<byte> text, ref int position, ref int row, ref long spent)
    {
        int[] table = Volatile.Read(ref _table);
        ReadOnlySpan<byte> ascii = _program.Classes.Ascii;
        int at = position;
        int state = row;
        long sum = spent;
        int stopped = Ended;
        while ((uint)at < (uint)text.Length)
        {
            int symbol = text[at];
            int count = table[state + CountOffset];
            int next;
            if (symbol < CodePointClasses.AsciiEnd && count > 0 && (next = Volatile.Read(ref table[state + ascii[symbol]])) > 0)
            {
                sum += count;
                at++;
                if (next == state)
                {
                    int first = at;
                    at = EndOfRun(table, ascii, text, at, state);
                    sum += (long)(at - first) * count;
                }

                state = next;
                continue;
            }

            next = Step(table, text[at..], state, out int length, out long cost);
            if (next != Unknown)
            {
                sum += cost;
                at += length;
            }

            if (next <= 0)
            {
                stopped = next;
                break;
            }

            state = next;
        }

        position = at;
        row = state;
        spent = sum;
        return stopped;
    }

    /// <summary>What the end of the text leads to: found, dead or unknown.</summary>
    public int End(int row, ref long spent)
    {
        int end = Volatile.Read(ref Volatile.Read(ref _table)[row + EndOffset]);
        spent += end >> 1;
        if (end == Unknown)
        {
            return Unknown;
        }

        return (end & 1) != 0 ? Found : Dead;
    }

    /// <summary>Makes these states active, and says what stands before them.</summary>
    public RegexNeighbour Load(int row, RegexStates states)
    {
        states.Begin(_program);
        int number = row / _stride;
        lock (_gate)
        {
            states.Load(_states.Members(number));
            return _states.Before(number);
        }
    }

    /// <summary>Finds out what comes after a state, and remembers it.</summary>
    /// <returns>Whether there was room to remember it.</returns>
    public bool TryExtend(int row, ReadOnlySpan<byte> rest, RegexStates states)
    {
        RegexNeighbour before = Load(row, states);
        if (rest.IsEmpty)
        {
            states.Decide(before, RegexNeighbour.Edge);
            return TrySet(row + EndOffset, (_program.CostOf(states.Count) << 1) | (states.IsFound ? 1 : 0));
        }

        int @class = _program.Classes.ClassOfFirst(rest, out _);
        RegexNeighbour neighbour = _program.NeighbourOf(@class);
        states.Decide(before, neighbour);
        if (!states.IsFound)
        {
            states.Take(@class, neighbour);
        }

        return TrySet(row + @class, FindNext(states, neighbour));
    }

    /// <summary>Gives its memory back. Who still reads it can go on, but adds nothing.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _memory.Give(_isClosed ? 0 : _bytes);
            _isClosed = true;
        }
    }

    private static int CountsOf(RegexProgram program) => program.ReadsNeighbours ? NeighbourCounts + 1 : 1;

    private static int StrideOf(RegexProgram program) => CountsOf(program) + 1 + program.Classes.Count;

    // What any character leads to.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Step(int[] table, ReadOnlySpan<byte> rest, int row, out int length, out long cost)
    {
        int @class = _program.Classes.ClassOfFirst(rest, out length);
        int count = table[row + CountOffset];
        cost = (long)length * (count == Varies ? table[row + NeighbourCountOffset - (int)_program.NeighbourOf(@class)] : count);
        return Volatile.Read(ref table[row + @class]);
    }

    // Where the bytes end, from this one on, that lead from a state to itself. None of them waits for what the one before it led to.
    private int EndOfRun(int[] table, ReadOnlySpan<byte> ascii, ReadOnlySpan<byte> text, int at, int row)
    {
        int end = Math.Min(text.Length, at + LongRun);
        while (at < end && text[at] < CodePointClasses.AsciiEnd && table[row + ascii[text[at]]] == row)
        {
            at++;
        }

        return at < end || end == text.Length ? at : SkipRun(table, text, at, row);
    }

    // The same, or to somewhere before that.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int SkipRun(int[] table, ReadOnlySpan<byte> text, int at, int row)
    {
        int number = row / _stride;
        if ((_runs.Find(number) ?? AddRun(table, number, row)) is not { } leaving)
        {
            return at;
        }

        int found = text[at..].IndexOfAny(leaving);
        at = found < 0 ? text.Length : at + found;
        if (at < text.Length && text[at] < CodePointClasses.AsciiEnd && table[row + _program.Classes.Ascii[text[at]]] == row)
        {
            AddRun(table, number, row);
        }

        return at;
    }

    private SearchValues<byte>? AddRun(int[] table, int number, int row)
    {
        if (_runs.IsFull)
        {
            return null;
        }

        lock (_gate)
        {
            _bytes += _isClosed ? 0 : _runs.Add(number, table.AsSpan(row, _program.Classes.Count), row, _memory.BytesPerRegex - _bytes);
        }

        return _runs.Find(number);
    }

    private bool TryAddStarts(RegexStates states)
    {
        states.Start(_program.BeforeText);
        bool fits = FindOrAdd(states, _program.BeforeText) != Unknown;
        for (int i = 0; i < _startRows.Length && fits; i++)
        {
            states.Start((RegexNeighbour)i);
            _startRows[i] = FindOrAdd(states, (RegexNeighbour)i);
            fits = _startRows[i] != Unknown;
        }

        return fits;
    }

    private int FindNext(RegexStates states, RegexNeighbour before)
    {
        if (states.IsFound)
        {
            return Found;
        }

        if (states.Count == 0 && _program.IsAnchored)
        {
            return Dead;
        }

        int row = FindOrAdd(states, before);
        return _startRows.Length > 0 && row == _startRows[(int)before] ? AtStart : row;
    }

    private bool TrySet(int index, int entry)
    {
        if (entry == Unknown)
        {
            return false;
        }

        lock (_gate)
        {
            Volatile.Write(ref _table[index], entry);
        }

        return true;
    }

    // The row of what is active; Unknown where there is no room for it.
    private int FindOrAdd(RegexStates states, RegexNeighbour before)
    {
        Span<int> sorted = states.Sort();
        if (!_program.LooksBehind || !states.AwaitsDecision)
        {
            before = RegexNeighbour.Other;
        }

        int hash = RegexStateTable.HashOf(sorted, before);
        Span<int> counts = stackalloc int[_program.ReadsNeighbours ? NeighbourCounts : 1];
        lock (_gate)
        {
            int known = _states.Find(sorted, before, hash);
            if (known >= 0)
            {
                return RowOf(known);
            }
        }

        for (int i = 0; i < counts.Length; i++)
        {
            states.Load(sorted);
            states.Decide(before, (RegexNeighbour)i);
            counts[i] = _program.CostOf(states.Count);
        }

        lock (_gate)
        {
            int known = _states.Find(sorted, before, hash);
            return known >= 0 ? RowOf(known) : Add(sorted, before, hash, counts);
        }
    }

    private int Add(ReadOnlySpan<int> sorted, RegexNeighbour before, int hash, ReadOnlySpan<int> counts)
    {
        bool fits = (_states.Count + 1) * _stride <= _table.Length;
        int bytes = _states.BytesToAdd(sorted.Length) + (fits ? 0 : _table.Length * sizeof(int));
        IsFull |= (long)_bytes + bytes > _memory.BytesPerRegex;
        if (_isClosed || IsFull || !_memory.TryTake(bytes))
        {
            return Unknown;
        }

        _bytes += bytes;
        if (!fits)
        {
            int[] grown = new int[_table.Length * 2];
            _table.CopyTo(grown, 0);
            Volatile.Write(ref _table, grown);
        }

        int row = RowOf(_states.Add(sorted, before, hash));
        bool varies = counts.ContainsAnyExcept(counts[0]);
        _table[row + CountOffset] = varies ? Varies : counts[0];
        for (int i = 0; i < counts.Length && varies; i++)
        {
            _table[row + NeighbourCountOffset - i] = counts[i];
        }

        return row;
    }

    private int RowOf(int number) => (number * _stride) + _firstRow;
}
