namespace PolicyLayer.DecisionTree;

/// <summary>
/// Finds those of many prefixes that a name begins with, the longest first. Sorted ordinally, every prefix of a name sorts at or before it,
/// and each knows the longest other one that is a prefix of it: one binary search, then a walk up a chain no longer than the longest.
/// </summary>
internal sealed class PrefixTable
{
    private readonly string[] _prefixes;
    private readonly int[] _shorter;

    /// <param name="sorted">The prefixes in ordinal order, each once.</param>
    public PrefixTable(string[] sorted)
    {
        _prefixes = sorted;
        _shorter = new int[sorted.Length];
        for (int i = 0; i < sorted.Length; i++)
        {
            int shorter = i - 1;
            while (shorter >= 0 && !sorted[i].StartsWith(sorted[shorter], StringComparison.Ordinal))
            {
                shorter = _shorter[shorter];
            }

            _shorter[i] = shorter;
        }
    }

    /// <summary>The place of the longest prefix that a name begins with, or −1.</summary>
    public int FindLongest(string name)
    {
        int low = 0;
        int high = _prefixes.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (string.CompareOrdinal(_prefixes[middle], name) <= 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        int index = low - 1;
        while (index >= 0 && !name.StartsWith(_prefixes[index], StringComparison.Ordinal))
        {
            index = _shorter[index];
        }

        return index;
    }

    /// <summary>The place of the next shorter prefix that the same name begins with, or −1.</summary>
    public int NextShorter(int index) => _shorter[index];

    public int LengthOf(int index) => _prefixes[index].Length;
}
