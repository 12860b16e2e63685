namespace PolicyLayer.Regexes;

/// <summary>Finds out what the first bytes of a program's matches can be.</summary>
internal sealed class RegexHeadsBuilder
{
    public const int MaxLength = 3;

    private const int Bytes = 256;
    private const int MaxWays = 8;

    // Where more states are active, nearly every byte can come next, and what comes behind isn't looked for.
    private const int MaxStates = 64;

    private readonly RegexProgram _program;
    private readonly byte[] _ways = new byte[MaxLength * Bytes];
    private readonly bool[] _visited;
    private readonly bool[] _taken;

    private RegexHeadsBuilder(RegexProgram program)
    {
        _program = program;
        _visited = new bool[program.Instructions.Length];
        _taken = new bool[program.Classes.Count];
    }

    /// <summary>How many first bytes are known; 0 where a match can be empty.</summary>
    public int Length { get; private set; } = MaxLength;

    public static RegexHeadsBuilder Of(RegexProgram program)
    {
        var builder = new RegexHeadsBuilder(program);
        List<int> first = builder.Follow([program.Start], 0);
        for (int way = 0; way < MaxWays; way++)
        {
            List<int> part = first[(way * first.Count / MaxWays)..((way + 1) * first.Count / MaxWays)];
            builder.Fill((byte)(1 << way), part, 0);
        }

        return builder;
    }

    public RegexHeads Build() => new(Length, _ways);

    /// <summary>The bytes that a match can begin with.</summary>
    public byte[] FirstBytes() => [.. Enumerable.Range(0, Bytes).Where(i => _ways[i] != 0).Select(i => (byte)i)];

    /// <summary>How many of ten thousand bytes of usual text begin what looks like a match, by estimate.</summary>
    public int PlacesInTenThousand()
    {
        double sum = 0;
        for (int way = 0; way < MaxWays; way++)
        {
            double part = 1;
            for (int place = 0; place < Length; place++)
            {
                part *= RegexByteFrequencies.Sum(_ways.AsSpan(place * Bytes, Bytes), (byte)(1 << way));
            }

            sum += part;
        }

        return (int)(sum * 10_000);
    }

    // The bytes at a place, one character a step, and at those behind it.
    private void Fill(byte way, List<int> states, int place)
    {
        if (place >= Length || states.Count == 0)
        {
            return;
        }

        if (states.Count > MaxStates)
        {
            // INVARIANT: no match is shorter than Length. One may end with this byte.
            Mark(way, place, 0, Bytes - 1);
            Length = Math.Min(Length, place + 1);
            return;
        }

        Array.Clear(_taken);
        foreach (int state in states)
        {
            _program.MarkTaken(_program.Instructions[state], _taken);
        }

        bool isBeyondAscii = false;
        foreach (byte first in _program.Classes.FirstBytesOf(_taken))
        {
            Mark(way, place, first, first);
            isBeyondAscii |= first >= CodePointClasses.AsciiEnd;
        }

        if (isBeyondAscii && place + 1 < Length)
        {
            Mark(way, place + 1, 0x80, 0xBF);
            Fill(way, place + 2);
        }

        Fill(way, Follow([.. states.Select(state => _program.Instructions[state].Next)], place + 1), place + 1);
    }

    // Any byte, from a place on.
    private void Fill(byte way, int place)
    {
        for (; place < Length; place++)
        {
            Mark(way, place, 0, Bytes - 1);
        }
    }

    private void Mark(byte way, int place, int first, int last)
    {
        for (int i = first; i <= last; i++)
        {
            _ways[(place * Bytes) + i] |= way;
        }
    }

    // The states that take a code point there, as if every assertion held.
    private List<int> Follow(List<int> pending, int place)
    {
        var states = new List<int>();
        Array.Clear(_visited);
        while (pending.Count > 0)
        {
            int state = pending[^1];
            pending.RemoveAt(pending.Count - 1);
            if (_visited[state])
            {
                continue;
            }

            _visited[state] = true;
            RegexInstruction instruction = _program.Instructions[state];
            switch (instruction.Operation)
            {
                case RegexOperation.Match:
                    Length = Math.Min(Length, place);
                    break;
                case RegexOperation.Split:
                    pending.Add(instruction.Operand);
                    pending.Add(instruction.Next);
                    break;
                case RegexOperation.Assert:
                    pending.Add(instruction.Next);
                    break;
                default:
                    states.Add(state);
                    break;
            }
        }

        return states;
    }
}
