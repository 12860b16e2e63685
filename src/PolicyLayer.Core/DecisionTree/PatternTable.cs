namespace PolicyLayer.DecisionTree;

/// <summary>
/// Patterns with a <c>*</c>, by what stands before their first one. A name looks only at those whose head it begins with, and at each of
/// them once; of a head, those with a final <c>*</c> alone are one.
/// </summary>
internal sealed class PatternTable<T>
{
    private readonly PrefixTable _heads;
    private readonly KeyValuePair<ToolPattern, T>[][] _byHead;

    /// <param name="patterns">The patterns, each once; of those with one head, the first that matches a name is found.</param>
    public PatternTable(IEnumerable<KeyValuePair<ToolPattern, T>> patterns)
    {
        (string Head, KeyValuePair<ToolPattern, T>[] Patterns)[] groups =
        [
            .. patterns.GroupBy(pattern => pattern.Key.Head.ToString(), StringComparer.Ordinal)
                .OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => (group.Key, group.ToArray())),
        ];
        _heads = new PrefixTable([.. groups.Select(group => group.Head)]);
        _byHead = [.. groups.Select(group => group.Patterns)];
    }

    /// <summary>What the longest heads of a name lead to, one after another.</summary>
    public Matches Find(string name) => new(this, name);

    /// <summary>The matches of a name: of each head that it begins with, the longest first, the first pattern.</summary>
    public struct Matches(PatternTable<T> table, string name)
    {
        private int _head = table._heads.FindLongest(name);

        public T Current { get; private set; } = default!;

        /// <summary>The pattern that leads to it.</summary>
        public ToolPattern Pattern { get; private set; }

        public bool MoveNext()
        {
            while (_head >= 0)
            {
                KeyValuePair<ToolPattern, T>[] patterns = table._byHead[_head];
                ReadOnlySpan<char> rest = name.AsSpan(table._heads.LengthOf(_head));
                _head = table._heads.NextShorter(_head);
                foreach ((ToolPattern pattern, T value) in patterns)
                {
                    if (pattern.MatchesAfterHead(rest))
                    {
                        Current = value;
                        Pattern = pattern;
                        return true;
                    }
                }
            }

            return false;
        }
    }
}
