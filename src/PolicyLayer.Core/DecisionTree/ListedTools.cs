namespace PolicyLayer.DecisionTree;

/// <summary>The entries of a policy, gathered as its index needs them.</summary>
/// <param name="expected">How many entries there will be at most.</param>
internal sealed class ListedTools(int expected)
{
    public Dictionary<string, ToolEntry> Names { get; } = new(expected, StringComparer.Ordinal);

    public List<KeyValuePair<string, ToolEntry>> Prefixes { get; } = [];

    public void Add(ToolPattern pattern, ToolEntry entry)
    {
        if (pattern.IsPrefix)
        {
            Prefixes.Add(new KeyValuePair<string, ToolEntry>(pattern.Text, entry));
        }
        else
        {
            Names[pattern.Text] = entry;
        }
    }
}
