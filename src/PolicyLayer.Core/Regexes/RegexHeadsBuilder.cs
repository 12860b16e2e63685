namespace PolicyLayer.Regexes;

/// <summary>Finds out what the first characters of a program's matches can be.</summary>
internal sealed class RegexHeadsBuilder
{
    /// <summary>So far are the characters of matches followed.</summary>
    public const int MaxLength = 12;

    /// <summary>Among so many ways are the beginnings of matches divided: the other bits of a byte are for what isn't ASCII.</summary>
    public const int MaxWays = 5;

    public const int Bytes = 256;

    // Where more states are active, nearly every byte can come next, and what comes behind isn't looked for.
    private const int MaxStates = 32;

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

    /// <summary>INVARIANT: no match has fewer characters. So many are known; 0 where a match can be empty.</summary>
    public int Length { get; private set; } = MaxLength;

    /// <summary>By character and byte, the bits of the ways in which a match has a character there that begins with that byte.</summary>
    public byte[] Ways => _ways[..(Length * Bytes)];

    public static RegexHeadsBuilder Of(RegexProgram program)
    {
        var builder = new RegexHeadsBuilder(program);
        List<int> first = builder.Follow([program.Start], 0);
        for (int way = 0; way < MaxWays; way++)
        {
            builder.Fill((byte)(1 << way), first[(way * first.Count / MaxWays)..((way + 1) * first.Count / MaxWays)]);
        }

        return builder;
    }

    // From character to character.
    private void Fill(byte way, List<int> states)
    {
        for (int place = 0; place < Length && states.Count > 0; place++)
        {
            if (states.Count > MaxStates)
            {
                Length = place;
                return;
            }

            Array.Clear(_taken);
            foreach (int state in states)
            {
                _program.MarkTaken(_program.Instructions[state], _taken);
            }

            foreach (byte first in _program.Classes.FirstBytesOf(_taken))
            {
                _ways[(place * Bytes) + first] |= way;
            }

            states = Follow([.. states.Select(state => _program.Instructions[state].Next)], place + 1);
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
