using System.Collections.Frozen;

namespace PolicyLayer.DecisionTree;

/// <summary>The patterns of <c>hide</c>, each with its place in the list; null for a bad one.</summary>
internal sealed class HideRules
{
    private readonly FrozenDictionary<string, int> _names;
    private readonly PrefixTable<int>? _prefixes;

    public HideRules(IReadOnlyList<ToolPattern?> patterns)
    {
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        var prefixes = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < patterns.Count; i++)
        {
            if (patterns[i] is { } pattern)
            {
                (pattern.IsPrefix ? prefixes : names).TryAdd(pattern.Text, i);
            }
        }

        _names = names.ToFrozenDictionary(StringComparer.Ordinal);
        _prefixes = prefixes.Count == 0 ? null : new PrefixTable<int>(prefixes, Math.Min);
    }

    /// <summary>The exact names that are hidden.</summary>
    public IEnumerable<string> Names => _names.Keys;

    /// <summary>Whether any pattern hides more than one name.</summary>
    public bool HasPrefixes => _prefixes is not null;

    /// <summary>Whether every tool that a pattern matches is hidden.</summary>
    public bool Covers(ToolPattern pattern) =>
        pattern.IsPrefix ? _prefixes is not null && _prefixes.TryFind(pattern.Text, out _) : Find(pattern.Text) >= 0;

    /// <summary>The place of the first pattern that hides a tool, or −1.</summary>
    public int Find(string toolName)
    {
        int found = _names.TryGetValue(toolName, out int byName) ? byName : -1;
        if (_prefixes is not null && _prefixes.TryFind(toolName, out int byPrefix) && (found < 0 || byPrefix < found))
        {
            found = byPrefix;
        }

        return found;
    }
}
