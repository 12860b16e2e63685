namespace PolicyLayer.Regexes;

/// <summary>An immutable set of code points.</summary>
internal sealed class CodePointSet
{
    public const int Last = 0x10FFFF;

    // Sorted, disjoint and not adjacent.
    private readonly (int First, int Last)[] _ranges;

    private CodePointSet((int First, int Last)[] ranges) => _ranges = ranges;

    public ReadOnlySpan<(int First, int Last)> Ranges => _ranges;

    /// <summary>The union of ranges given in any order.</summary>
    public static CodePointSet Of(params IEnumerable<(int First, int Last)> ranges)
    {
        (int First, int Last)[] sorted = ranges.ToArray();
        Array.Sort(sorted);
        int count = 0;
        foreach ((int First, int Last) range in sorted)
        {
            if (count > 0 && range.First <= sorted[count - 1].Last + 1)
            {
                sorted[count - 1].Last = Math.Max(sorted[count - 1].Last, range.Last);
            }
            else
            {
                sorted[count++] = range;
            }
        }

        return new CodePointSet(sorted[..count]);
    }

    public CodePointSet Complement()
    {
        var gaps = new List<(int First, int Last)>(_ranges.Length + 1);
        int next = 0;
        foreach ((int first, int last) in _ranges)
        {
            if (first > next)
            {
                gaps.Add((next, first - 1));
            }

            next = last + 1;
        }

        if (next <= Last)
        {
            gaps.Add((next, Last));
        }

        return new CodePointSet([.. gaps]);
    }
}
