using System.Collections.Frozen;

namespace PolicyLayer.DecisionTree;

/// <summary>The patterns of <c>hide</c>, each with its place in the list; null for a bad one.</summary>
internal sealed class HideRules
{
    private readonly FrozenDictionary<string, int> _names;
    private readonly PatternTable<int>? _patterns;

    public HideRules(IReadOnlyList<ToolPattern?> patterns)
    {
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        var others = new Dictionary<ToolPattern, int>();
        for (int i = 0; i < patterns.Count; i++)
        {
            if (patterns[i] is { IsExact: true } name)
            {
                names.TryAdd(name.Text, i);
            }
            else if (patterns[i] is { } pattern)
            {
                others.TryAdd(pattern, i);
            }
        }

        _names = names.ToFrozenDictionary(StringComparer.Ordinal);
        _patterns = others.Count == 0 ? null : new PatternTable<int>(others.OrderBy(other => other.Value));
        Wildcards = others.Keys.Count(pattern => pattern.IsWildcard);
    }

    /// <summary>The exact names that are hidden.</summary>
    public IEnumerable<string> Names => _names.Keys;

    /// <summary>Whether any pattern hides more than one name.</summary>
    public bool HasPatterns => _patterns is not null;

    /// <summary>How many have a <c>*</c> elsewhere than only at their end.</summary>
    public int Wildcards { get; }

    /// <summary>Whether every tool that a pattern matches is hidden by one rule.</summary>
    public bool Covers(ToolPattern pattern) => Find(pattern.Text) >= 0;

    /// <summary>The place of the first pattern that hides a tool, or −1.</summary>
    public int Find(string toolName)
    {
        int found = _names.TryGetValue(toolName, out int byName) ? byName : int.MaxValue;
        if (_patterns is not null)
        {
            PatternTable<int>.Matches matches = _patterns.Find(toolName);
            while (matches.MoveNext())
            {
                found = Math.Min(found, matches.Current);
            }
        }

        return found == int.MaxValue ? -1 : found;
    }
}
