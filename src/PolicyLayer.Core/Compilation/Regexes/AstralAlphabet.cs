namespace PolicyLayer.Compilation.Regexes;

/// <summary>
/// Makes one UTF-16 unit of each code point beyond the BMP, for an engine that knows nothing larger.
/// Code points that no set of the pattern tells apart share a symbol, a unit out of the surrogates, which stand for nothing else.
/// </summary>
internal sealed class AstralAlphabet
{
    /// <summary>What half a pair is read as: a symbol that no set contains.</summary>
    public const char Unpaired = '\uDFFF';

    private const int FirstAstral = 0x10000;
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
        var starts = Starts(sets);
        var classes = new int[starts.Length];
        var count = 1;
        var split = new Dictionary<int, int>();
        foreach (var set in sets)
        {
            split.Clear();
            foreach (var i in Intervals(starts, set))
            {
                if (!split.TryGetValue(classes[i], out var inside))
                {
                    split.Add(classes[i], inside = count++);
                }

                classes[i] = inside;
            }
        }

        var symbols = new char[starts.Length];
        var symbolOf = new Dictionary<int, char>();
        for (var i = 0; i < starts.Length; i++)
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
        var index = Array.BinarySearch(_starts, codePoint);
        return _symbols[index < 0 ? ~index - 1 : index];
    }

    /// <summary>The symbols of a set that the alphabet was made for.</summary>
    public CodePointSet SymbolsOf(CodePointSet set) =>
        CodePointSet.Of(Intervals(_starts, set).Select(i => ((int)_symbols[i], (int)_symbols[i])));

    private static int[] Starts(IEnumerable<CodePointSet> sets)
    {
        var starts = new SortedSet<int> { FirstAstral };
        foreach (var set in sets)
        {
            foreach (var (first, last) in set.Ranges)
            {
                starts.Add(Math.Max(first, FirstAstral));
                starts.Add(Math.Max(last + 1, FirstAstral));
            }
        }

        starts.Remove(CodePointSet.Last + 1);
        return [.. starts];
    }

    private static List<int> Intervals(int[] starts, CodePointSet set)
    {
        var intervals = new List<int>();
        foreach (var (first, last) in set.Ranges)
        {
            if (last >= FirstAstral)
            {
                for (var i = Array.BinarySearch(starts, Math.Max(first, FirstAstral)); i < starts.Length && starts[i] <= last; i++)
                {
                    intervals.Add(i);
                }
            }
        }

        return intervals;
    }
}
