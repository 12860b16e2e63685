using System.Buffers;

namespace PolicyLayer.Regexes;

/// <summary>Where in a text a match can begin, by the framework's vectorised search. Immutable.</summary>
internal sealed class RegexPrefilter
{
    // With more, too few bytes are skipped for the search to pay.
    private const int MaxFirstBytes = 16;

    private readonly byte[] _prefix;
    private readonly SearchValues<byte> _firstBytes;

    // Whether a byte can be the second of a match; empty if that isn't known.
    private readonly bool[] _secondBytes;
    private readonly int[] _startStates;

    private RegexPrefilter(byte[] prefix, SearchValues<byte> firstBytes, bool[] secondBytes, int[] startStates)
    {
        _prefix = prefix;
        _firstBytes = firstBytes;
        _secondBytes = secondBytes;
        _startStates = startStates;
    }

    /// <summary>The filter of a program; null where it would let most bytes pass.</summary>
    public static RegexPrefilter? For(RegexProgram program, RegexLiterals literals)
    {
        if (program.IsAnchored || FindFirstBytes(program) is not { Count: <= MaxFirstBytes } firstBytes)
        {
            return null;
        }

        return new RegexPrefilter(
            literals.Prefix.Length > 1 ? literals.Prefix : [],
            SearchValues.Create([.. firstBytes]),
            FindSecondBytes(program, literals.Second),
            CountStartStates(program));
    }

    /// <summary>How many states are active where nothing of a match has been read.</summary>
    public int StartStates(RegexNeighbour before) => _startStates[(int)before];

    /// <summary>The next position, from this one on, at which a match may begin; the end if there is none.</summary>
    public int Skip(ReadOnlySpan<byte> text, int position)
    {
        if (_prefix.Length > 0)
        {
            int found = text[position..].IndexOf(_prefix);
            return found < 0 ? text.Length : position + found;
        }

        while (true)
        {
            int found = text[position..].IndexOfAny(_firstBytes);
            if (found < 0)
            {
                return text.Length;
            }

            position += found;
            if (_secondBytes.Length == 0 || (position + 1 < text.Length && _secondBytes[text[position + 1]]))
            {
                return position;
            }

            position++;
        }
    }

    // Null where a match can be empty.
    private static List<byte>? FindFirstBytes(RegexProgram program)
    {
        bool[] visited = new bool[program.Instructions.Length];
        bool[] taken = new bool[program.Classes.Count];
        var pending = new Stack<int>();
        pending.Push(program.Start);
        while (pending.TryPop(out int state))
        {
            if (visited[state])
            {
                continue;
            }

            visited[state] = true;
            RegexInstruction instruction = program.Instructions[state];
            switch (instruction.Operation)
            {
                case RegexOperation.Match:
                    return null;
                case RegexOperation.Split:
                    pending.Push(instruction.Operand);
                    pending.Push(instruction.Next);
                    break;
                case RegexOperation.Assert:
                    pending.Push(instruction.Next);
                    break;
                default:
                    program.MarkTaken(instruction, taken);
                    break;
            }
        }

        return program.Classes.FirstBytesOf(taken);
    }

    private static bool[] FindSecondBytes(RegexProgram program, CodePointSet? second)
    {
        if (second is null)
        {
            return [];
        }

        bool[] marked = new bool[program.Classes.Count];
        program.Classes.Mark(second, marked);
        bool[] bytes = new bool[256];
        foreach (byte first in program.Classes.FirstBytesOf(marked))
        {
            bytes[first] = true;
        }

        return bytes;
    }

    private static int[] CountStartStates(RegexProgram program)
    {
        RegexStates states = RegexStates.OfThread;
        states.Begin(program);
        int[] counts = new int[(int)RegexNeighbour.Edge];
        for (int i = 0; i < counts.Length; i++)
        {
            states.Start((RegexNeighbour)i);
            counts[i] = states.Count;
        }

        return counts;
    }
}
