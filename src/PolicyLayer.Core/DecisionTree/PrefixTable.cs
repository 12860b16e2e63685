namespace PolicyLayer.DecisionTree;

/// <summary>
/// Finds the longest of many prefixes of a name. Sorted ordinally, every prefix of a name sorts at or before it, and each entry knows
/// the longest other entry that is a prefix of it: one binary search, then a walk up a chain no longer than the name.
/// </summary>
internal sealed class PrefixTable<T>
{
    private readonly string[] _prefixes;
    private readonly T[] _values;
    private readonly int[] _parents;

    /// <param name="entries">The prefixes, each once.</param>
    /// <param name="inherit">
    /// What an entry is worth, given its own value and that of the longest shorter prefix of it; null keeps its own.
    /// </param>
    public PrefixTable(IEnumerable<KeyValuePair<string, T>> entries, Func<T, T, T>? inherit = null)
    {
        KeyValuePair<string, T>[] sorted = [.. entries.OrderBy(entry => entry.Key, StringComparer.Ordinal)];
        _prefixes = [.. sorted.Select(entry => entry.Key)];
        _values = [.. sorted.Select(entry => entry.Value)];
        _parents = new int[sorted.Length];
        for (int i = 0; i < sorted.Length; i++)
        {
            int parent = i - 1;
            while (parent >= 0 && !_prefixes[i].StartsWith(_prefixes[parent], StringComparison.Ordinal))
            {
                parent = _parents[parent];
            }

            _parents[i] = parent;
            if (parent >= 0 && inherit is not null)
            {
                _values[i] = inherit(_values[i], _values[parent]);
            }
        }
    }

    public bool TryFind(string name, out T value)
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
            index = _parents[index];
        }

        value = index >= 0 ? _values[index] : default!;
        return index >= 0;
    }
}
