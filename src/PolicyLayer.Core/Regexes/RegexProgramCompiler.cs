namespace PolicyLayer.Regexes;

/// <summary>
/// Makes a program of a pattern's syntax: from its end to its start, so that each instruction knows what follows it. Counted loops are
/// written out.
/// </summary>
internal sealed class RegexProgramCompiler
{
    private static readonly CodePointSet Newline = CodePointSet.OfOne('\n');

    private readonly RegexInstruction[] _instructions;
    private readonly List<RegexAssertion> _assertions = [];

    // How a character of each set is taken; the next instruction is left out.
    private readonly Dictionary<CodePointSet, RegexInstruction> _takes = [];

    private int _count;

    private RegexProgramCompiler(int states) => _instructions = new RegexInstruction[states];

    /// <param name="syntax">The pattern, of no more states than an automaton may have.</param>
    public static RegexProgram Compile(RegexNode syntax)
    {
        var compiler = new RegexProgramCompiler(syntax.States + 1);
        return compiler.CompileProgram(syntax);
    }

    private RegexProgram CompileProgram(RegexNode syntax)
    {
        Collect(syntax);
        bool readsLines = _assertions.Exists(assertion => assertion is RegexAssertion.LineStart or RegexAssertion.LineEnd);
        bool readsWords = _assertions.Exists(assertion => assertion is RegexAssertion.WordBoundary or RegexAssertion.NoWordBoundary);
        if (readsLines)
        {
            _takes.TryAdd(Newline, default);
        }

        if (readsWords)
        {
            _takes.TryAdd(RegexParser.Word, default);
        }

        CodePointSet[] used = [.. _takes.Keys];
        CodePointClasses classes = CodePointClasses.For(used);
        ulong[] sets = ResolveSets(used, classes);
        int start = Emit(syntax, Add(new RegexInstruction(RegexOperation.Match, 0, 0)));
        var program = new RegexProgram(_instructions, classes, sets, FindNeighbours(classes, readsLines, readsWords))
        {
            Start = start,
            IsAnchored = BeginsAtTextStart(syntax),
            LooksBehind = _assertions.Exists(assertion => assertion.LooksBehind()),
        };
        return RegexLinks.AreFew(program) ? program : program.AsTangled();
    }

    private void Collect(RegexNode node)
    {
        switch (node)
        {
            case RegexNode.Character character:
                _takes.TryAdd(character.Set, default);
                break;
            case RegexNode.Assertion assertion:
                _assertions.Add(assertion.Kind);
                break;
            case RegexNode.Sequence sequence:
                foreach (RegexNode part in sequence.Parts)
                {
                    Collect(part);
                }

                break;
            case RegexNode.Alternatives alternatives:
                foreach (RegexNode part in alternatives.Parts)
                {
                    Collect(part);
                }

                break;
            case RegexNode.Repeated repeated:
                Collect(repeated.Part);
                break;
        }
    }

    // Leaves in `_takes` how the sets are taken, and returns the bits of those that are more than one class.
    private ulong[] ResolveSets(CodePointSet[] sets, CodePointClasses classes)
    {
        int words = (classes.Count + 63) / 64;
        ulong[] all = new ulong[words * sets.Length];
        bool[] marked = new bool[classes.Count];
        int used = 0;
        foreach (CodePointSet set in sets)
        {
            Array.Clear(marked);
            classes.Mark(set, marked);
            int first = Array.IndexOf(marked, true);
            if (first >= 0 && Array.LastIndexOf(marked, true) == first)
            {
                _takes[set] = new RegexInstruction(RegexOperation.TakeClass, first, 0);
                continue;
            }

            _takes[set] = new RegexInstruction(RegexOperation.TakeSet, used, 0);
            for (int i = 0; i < marked.Length; i++)
            {
                all[used + (i >> 6)] |= marked[i] ? 1UL << (i & 63) : 0;
            }

            used += words;
        }

        return all[..used];
    }

    private static RegexNeighbour[] FindNeighbours(CodePointClasses classes, bool readsLines, bool readsWords)
    {
        if (!readsLines && !readsWords)
        {
            return [];
        }

        var neighbours = new RegexNeighbour[classes.Count];
        foreach ((int first, int last) in readsWords ? RegexParser.Word.Ranges : [])
        {
            for (int codePoint = first; codePoint <= last; codePoint++)
            {
                neighbours[classes.ClassOf(codePoint)] = RegexNeighbour.WordCharacter;
            }
        }

        if (readsLines)
        {
            neighbours[classes.ClassOf('\n')] = RegexNeighbour.Newline;
        }

        return neighbours;
    }

    // Whether a match of this begins at the start of the text, whatever stands before the node.
    private static bool BeginsAtTextStart(RegexNode node)
    {
        switch (node)
        {
            case RegexNode.Assertion assertion:
                return assertion.Kind == RegexAssertion.TextStart;
            case RegexNode.Repeated repeated:
                return repeated.Min > 0 && BeginsAtTextStart(repeated.Part);
            case RegexNode.Alternatives alternatives:
                foreach (RegexNode part in alternatives.Parts)
                {
                    if (!BeginsAtTextStart(part))
                    {
                        return false;
                    }
                }

                return true;
            case RegexNode.Sequence sequence:
                foreach (RegexNode part in sequence.Parts)
                {
                    if (part is not RegexNode.Assertion || BeginsAtTextStart(part))
                    {
                        return BeginsAtTextStart(part);
                    }
                }

                return false;
            default:
                return false;
        }
    }

    private int Add(RegexInstruction instruction)
    {
        _instructions[_count] = instruction;
        return _count++;
    }

    // Returns where the node begins, which goes on at `next`.
    private int Emit(RegexNode node, int next)
    {
        switch (node)
        {
            case RegexNode.Character character:
                return Add(_takes[character.Set] with { Next = next });
            case RegexNode.Assertion assertion:
                return Add(new RegexInstruction(RegexOperation.Assert, (int)assertion.Kind, next));
            case RegexNode.Sequence sequence:
                for (int i = sequence.Parts.Length - 1; i >= 0; i--)
                {
                    next = Emit(sequence.Parts[i], next);
                }

                return next;
            case RegexNode.Alternatives alternatives:
                int entry = Emit(alternatives.Parts[^1], next);
                for (int i = alternatives.Parts.Length - 2; i >= 0; i--)
                {
                    entry = Add(new RegexInstruction(RegexOperation.Split, entry, Emit(alternatives.Parts[i], next)));
                }

                return entry;
            default:
                return EmitRepeated((RegexNode.Repeated)node, next);
        }
    }

    private int EmitRepeated(RegexNode.Repeated repeated, int next)
    {
        int entry = next;
        int copies = repeated.Min;
        if (repeated.Max is not { } max)
        {
            int loop = Add(default);
            int body = Emit(repeated.Part, loop);
            _instructions[loop] = new RegexInstruction(RegexOperation.Split, next, body);
            entry = copies == 0 ? loop : body;
            copies = Math.Max(copies - 1, 0);
        }
        else
        {
            for (int i = copies; i < max; i++)
            {
                entry = Add(new RegexInstruction(RegexOperation.Split, next, Emit(repeated.Part, entry)));
            }
        }

        for (int i = 0; i < copies; i++)
        {
            entry = Emit(repeated.Part, entry);
        }

        return entry;
    }
}
