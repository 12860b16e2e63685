using PolicyLayer.Json.Values;

namespace PolicyLayer.Regexes;

/// <summary>Which code points are equal when case is ignored: simple case folding, as for names.</summary>
internal static class CaseFolding
{
    // The last cased letters are Adlam's, in U+1E900–U+1E943.
    private const int LastCased = 0x1FFFF;

    private const int LongS = 'ſ';
    private const int KelvinSign = 0x212A;

    private static readonly Lazy<(int[] Cased, int[][] Equivalents)> Table = new(Build);

    /// <summary>The ranges, and every code point that equals one of theirs when case is ignored.</summary>
    public static IEnumerable<(int First, int Last)> Close(IEnumerable<(int First, int Last)> ranges)
    {
        return ranges.All(range => range.Last < 0x80) ? CloseAscii(ranges) : CloseAny(ranges);
    }

    // Without the table, which takes milliseconds to build.
    private static IEnumerable<(int First, int Last)> CloseAscii(IEnumerable<(int First, int Last)> ranges)
    {
        foreach ((int First, int Last) range in ranges)
        {
            yield return range;
            for (int i = range.First; i <= range.Last; i++)
            {
                int lower = i | 0x20;
                if (lower is < 'a' or > 'z')
                {
                    continue;
                }

                yield return (i ^ 0x20, i ^ 0x20);
                if (lower is 'k' or 's')
                {
                    int beyond = lower == 'k' ? KelvinSign : LongS;
                    yield return (beyond, beyond);
                }
            }
        }
    }

    private static IEnumerable<(int First, int Last)> CloseAny(IEnumerable<(int First, int Last)> ranges)
    {
        (int[] cased, int[][] equivalents) = Table.Value;
        foreach ((int First, int Last) range in ranges)
        {
            yield return range;
            int start = Array.BinarySearch(cased, range.First);
            for (int i = start < 0 ? ~start : start; i < cased.Length && cased[i] <= range.Last; i++)
            {
                foreach (int equivalent in equivalents[i])
                {
                    yield return (equivalent, equivalent);
                }
            }
        }
    }

    private static (int[] Cased, int[][] Equivalents) Build()
    {
        (int member, int[] orbit)[] orbits = Enumerable.Range(0, LastCased + 1)
            .Where(codePoint => NameFolding.Fold(codePoint) != codePoint)
            .GroupBy(NameFolding.Fold)
            .Select(folded => folded.Append(folded.Key).ToArray())
            .SelectMany(orbit => orbit.Select(member => (member, orbit)))
            .OrderBy(entry => entry.member)
            .ToArray();
        return (Array.ConvertAll(orbits, entry => entry.member), Array.ConvertAll(orbits, entry => entry.orbit));
    }
}
