namespace PolicyLayer.Regexes;

/// <summary>An immutable set of code points. Sets with the same members are equal.</summary>
internal sealed class CodePointSet : IEquatable<CodePointSet>
{
    public const int Last = 0x10FFFF;

    private const int AsciiEnd = 0x80;
    private const int FewRanges = 16;

    private static readonly CodePointSet?[] Ascii = new CodePointSet[AsciiEnd];

    // Sorted, disjoint and not adjacent.
    private readonly (int First, int Last)[] _ranges;
    private readonly int _hash;

    private CodePointSet((int First, int Last)[] ranges)
    {
        _ranges = ranges;
        var hash = new HashCode();
        foreach ((int first, int last) in ranges)
        {
            hash.Add(first);
            hash.Add(last);
        }

        _hash = hash.ToHashCode();
    }

    public ReadOnlySpan<(int First, int Last)> Ranges => _ranges;

    /// <summary>The set of one code point.</summary>
    public static CodePointSet OfOne(int codePoint) =>
        codePoint < AsciiEnd ? Ascii[codePoint] ??= new CodePointSet([(codePoint, codePoint)]) : new CodePointSet([(codePoint, codePoint)]);

    /// <summary>The union of ranges given in any order.</summary>
    public static CodePointSet Of(params IEnumerable<(int First, int Last)> ranges)
    {
        (int First, int Last)[] sorted = [.. ranges];
        Sort(sorted);
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

        return new CodePointSet(count == sorted.Length ? sorted : sorted[..count]);
    }

    // As whole numbers they are sorted many times faster than as pairs. A few are put in place, without what a process must compile first.
    private static void Sort((int First, int Last)[] ranges)
    {
        if (ranges.Length <= FewRanges)
        {
            SortFew(ranges);
            return;
        }

        long[] numbers = Array.ConvertAll(ranges, range => ((long)range.First << 32) | (uint)range.Last);
        Array.Sort(numbers);
        for (int i = 0; i < numbers.Length; i++)
        {
            ranges[i] = ((int)(numbers[i] >> 32), (int)numbers[i]);
        }
    }

    private static void SortFew((int First, int Last)[] ranges)
    {
        for (int i = 1; i < ranges.Length; i++)
        {
            (int First, int Last) range = ranges[i];
            int place = i;
            for (; place > 0 && ranges[place - 1].First > range.First; place--)
            {
                ranges[place] = ranges[place - 1];
            }

            ranges[place] = range;
        }
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

    /// <summary>Whether the set has one member alone.</summary>
    public bool IsOne(out int codePoint)
    {
        codePoint = _ranges.Length == 1 ? _ranges[0].First : 0;
        return _ranges.Length == 1 && _ranges[0].Last == codePoint;
    }

    public bool Equals(CodePointSet? other) =>
        ReferenceEquals(this, other) || (other is not null && _hash == other._hash && Ranges.SequenceEqual(other.Ranges));

    public override bool Equals(object? obj) => Equals(obj as CodePointSet);

    public override int GetHashCode() => _hash;
}
