namespace PolicyLayer.DecisionTree;

/// <summary>The entries of a policy, gathered as its index needs them.</summary>
/// <param name="expected">How many entries there will be at most.</param>
internal sealed class ListedTools(int expected)
{
    private readonly List<KeyValuePair<ToolPattern, ToolEntry>> _patterns = [];

    public Dictionary<string, ToolEntry> Names { get; } = new(expected, StringComparer.Ordinal);

    /// <summary>
    /// The entries of patterns; null without any. The one with the longest text before its first <c>*</c> wins, then the one with most
    /// characters beside its <c>*</c>, then the first by ordinal order.
    /// </summary>
    public PatternTable<ToolEntry>? Patterns => _patterns.Count == 0 ? null : new PatternTable<ToolEntry>(
        _patterns.OrderByDescending(entry => entry.Key.Characters).ThenBy(entry => entry.Key.Text, StringComparer.Ordinal));

    /// <summary>How many have a <c>*</c> elsewhere than only at their end.</summary>
    public int Wildcards => _patterns.Count(entry => entry.Key.IsWildcard);

    public void Add(ToolPattern pattern, ToolEntry entry)
    {
        if (pattern.IsExact)
        {
            Names[pattern.Text] = entry;
        }
        else
        {
            _patterns.Add(new KeyValuePair<ToolPattern, ToolEntry>(pattern, entry));
        }
    }
}
