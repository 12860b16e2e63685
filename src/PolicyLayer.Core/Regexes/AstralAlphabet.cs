namespace PolicyLayer.Regexes;

/// <summary>
/// Makes one UTF-16 unit of each code point from U+FFFF, for an engine that knows nothing larger than a unit.
/// Code points that no set of the pattern tells apart share a symbol, a unit out of the surrogates, which stand for nothing else.
/// U+FFFF itself then means nothing to the engine. That is wanted: the engine rewrites a set from U+0000 to U+FFFF as a negated one,
/// and mistakes it for its opposite when it merges it with a further alternative, as in <c>[^b]|[bc]|[a-c]</c> (.NET 10).
/// </summary>
internal sealed class AstralAlphabet
{
    /// <summary>What half a pair is read as: a symbol that no set contains.</summary>
    public const char Unpaired = '\uDFFF';

    /// <summary>A unit that stands for nothing: no set contains it, no translated input does.</summary>
    public const char Nothing = '\uFFFF';

    /// <summary>The first code point that gets a symbol.</summary>
    public const int First = 0xFFFF;

    private const char FirstSymbol = '\uD800';
    private const int MaxSymbols = Unpaired - FirstSymbol;

    // The code points from _starts[i] up to the next start all have _symbols[i].
    private readonly int[] _starts;
    private readonly char[] _symbols;

    private AstralAlphabet(int[] starts, char[] symbols)
    {
        _starts = starts;
        _symbols = symbols;
    }

    /// <summary>The coarsest alphabet that tells the sets apart; null if that takes more symbols than there are.</summary>
    public static AstralAlphabet? For(IReadOnlyCollection<CodePointSet> sets)
    {
        int[] starts = Starts(sets);
        int[] classes = new int[starts.Length];
        int count = 1;
        var split = new Dictionary<int, int>();
        foreach (CodePointSet set in sets)
        {
            split.Clear();
            foreach (int i in Intervals(starts, set))
            {
                if (!split.TryGetValue(classes[i], out int inside))
                {
                    split.Add(classes[i], inside = count++);
                }

                classes[i] = inside;
            }
        }

        char[] symbols = new char[starts.Length];
        var symbolOf = new Dictionary<int, char>();
        for (int i = 0; i < starts.Length; i++)
        {
            if (!symbolOf.TryGetValue(classes[i], out symbols[i]))
            {
                if (symbolOf.Count == MaxSymbols)
                {
                    return null;
                }

                symbolOf.Add(classes[i], symbols[i] = (char)(FirstSymbol + symbolOf.Count));
            }
        }

        return new AstralAlphabet(starts, symbols);
    }

    public char SymbolOf(int codePoint)
    {
        int index = Array.BinarySearch(_starts, codePoint);
        return _symbols[index < 0 ? ~index - 1 : index];
    }

    /// <summary>The symbols of a set that the alphabet was made for.</summary>
    public CodePointSet SymbolsOf(CodePointSet set) =>
        CodePointSet.Of(Intervals(_starts, set).Select(i => ((int)_symbols[i], (int)_symbols[i])));

    private static int[] Starts(IEnumerable<CodePointSet> sets)
    {
        var starts = new SortedSet<int> { First };
        foreach (CodePointSet set in sets)
        {
            foreach ((int first, int last) in set.Ranges)
            {
                starts.Add(Math.Max(first, First));
                starts.Add(Math.Max(last + 1, First));
            }
        }

        starts.Remove(CodePointSet.Last + 1);
        return [.. starts];
    }

    private static List<int> Intervals(int[] starts, CodePointSet set)
    {
        var intervals = new List<int>();
        foreach ((int first, int last) in set.Ranges)
        {
            if (last >= First)
            {
                for (int i = Array.BinarySearch(starts, Math.Max(first, First)); i < starts.Length && starts[i] <= last; i++)
                {
                    intervals.Add(i);
                }
            }
        }

        return intervals;
    }
}
