namespace PolicyLayer.Regexes;

/// <summary>
/// A pattern as a nondeterministic automaton over classes of code points, which it reads from UTF-8. Immutable.
/// </summary>
/// <remarks>
/// A symbol is a code point rather than a byte, so that a class is one state whatever its size: <c>\p{L}</c> by bytes is some four
/// hundred, and <c>\p{L}{1,64}</c> would be too large.
/// </remarks>
internal sealed class RegexProgram
{
    private const int StepsPerTangle = 4;
    private const int FreeTangles = 4;

    private readonly RegexInstruction[] _instructions;
    private readonly ulong[] _sets;
    private readonly RegexNeighbour[] _neighbours;

    /// <param name="instructions">The states.</param>
    /// <param name="classes">What the states tell apart.</param>
    /// <param name="sets">The bits of <see cref="RegexOperation.TakeSet"/>.</param>
    /// <param name="neighbours">What each class is to an assertion beside it; empty where none asks.</param>
    public RegexProgram(RegexInstruction[] instructions, CodePointClasses classes, ulong[] sets, RegexNeighbour[] neighbours)
    {
        _instructions = instructions;
        _sets = sets;
        _neighbours = neighbours;
        Classes = classes;
    }

    public ReadOnlySpan<RegexInstruction> Instructions => _instructions;

    public CodePointClasses Classes { get; }

    public required int Start { get; init; }

    /// <summary>Whether a match can begin at the start of the text only.</summary>
    public required bool IsAnchored { get; init; }

    /// <summary>Whether an assertion asks what stands before it.</summary>
    public required bool LooksBehind { get; init; }

    /// <summary>Whether its states lead to so many others that following them takes longer than reading bytes.</summary>
    public bool IsTangled { get; init; }

    /// <summary>Whether an assertion asks for characters beside it, not only for the edges of the text.</summary>
    public bool ReadsNeighbours => _neighbours.Length > 0;

    /// <summary>What stands before the first character, as far as an assertion asks.</summary>
    public RegexNeighbour BeforeText => LooksBehind ? RegexNeighbour.Edge : RegexNeighbour.Other;

    public RegexNeighbour NeighbourOf(int @class) => _neighbours.Length == 0 ? RegexNeighbour.Other : _neighbours[@class];

    /// <summary>
    /// What a byte costs where so many states are active. A few follow one another fast enough, however they are tangled.
    /// </summary>
    public int CostOf(int active) =>
        Math.Max(active, 1) + (IsTangled ? StepsPerTangle * Math.Max(active - FreeTangles, 0) : 0);

    /// <summary>The same program, said to be tangled.</summary>
    public RegexProgram AsTangled() => new(_instructions, Classes, _sets, _neighbours)
    {
        Start = Start,
        IsAnchored = IsAnchored,
        LooksBehind = LooksBehind,
        IsTangled = true,
    };

    /// <summary>What stands before a position of a text.</summary>
    public RegexNeighbour NeighbourBefore(ReadOnlySpan<byte> text, int position)
    {
        if (position == 0)
        {
            return BeforeText;
        }

        int last = text[position - 1];
        return ReadsNeighbours && last < CodePointClasses.AsciiEnd ? NeighbourOf(Classes.Ascii[last]) : RegexNeighbour.Other;
    }

    /// <summary>Marks the classes of which an instruction takes a code point.</summary>
    public void MarkTaken(RegexInstruction instruction, Span<bool> classes)
    {
        for (int i = 0; i < classes.Length; i++)
        {
            classes[i] |= Takes(instruction, i);
        }
    }

    /// <summary>Whether an instruction that takes a code point takes one of this class.</summary>
    public bool Takes(RegexInstruction instruction, int @class) => instruction.Operation == RegexOperation.TakeClass
        ? instruction.Operand == @class
        : (_sets[instruction.Operand + (@class >> 6)] >> (@class & 63) & 1) != 0;
}
