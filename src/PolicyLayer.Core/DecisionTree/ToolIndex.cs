using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using PolicyLayer.DecisionTree.Verdicts;
using PolicyLayer.Text;

namespace PolicyLayer.DecisionTree;

/// <summary>Finds the entry that judges a tool: hidden before listed, an exact name before patterns, the longest prefix first.</summary>
internal sealed class ToolIndex
{
    private readonly FrozenDictionary<string, ToolEntry> _byName;
    private readonly PrefixTable<ToolEntry>? _byPrefix;
    private readonly ToolEntry _unmatched;
    private readonly HideRules? _hidden;
    private readonly PolicyIdentity _policy;

    /// <param name="listed">The entries.</param>
    /// <param name="unmatched">What judges tools that no entry matches.</param>
    /// <param name="hidden">What is hidden, or null.</param>
    /// <param name="policy">Which policy this is.</param>
    public ToolIndex(ListedTools listed, ToolEntry unmatched, HideRules? hidden, PolicyIdentity policy)
    {
        _unmatched = unmatched;
        _hidden = hidden;
        _policy = policy;
        Malformed = new ToolEntry(Verdict.Deny(DecisionCode.ArgumentsMalformed, policy, ToolRisk.Unspecified));
        Dictionary<string, ToolEntry> names = listed.Names;
        _byPrefix = listed.Prefixes.Count == 0 ? null : new PrefixTable<ToolEntry>(listed.Prefixes);
        if (hidden is not null)
        {
            foreach (string name in names.Keys.Concat(hidden.Names).ToArray())
            {
                names[name] = Hide(name, names.GetValueOrDefault(name) ?? FindByPrefix(name));
            }
        }

        _byName = names.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>The entry of names that are no Unicode text.</summary>
    public ToolEntry Malformed { get; }

    public ToolEntry Find(string toolName) => _byName.TryGetValue(toolName, out ToolEntry? entry) ? entry : FindUnnamed(toolName);

    // A name that equals one of the policy's is Unicode text, as policies are, and knows whether it is hidden; others must be looked at.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ToolEntry FindUnnamed(string toolName)
    {
        if (!Utf16.IsWellFormed(toolName))
        {
            return Malformed;
        }

        ToolEntry entry = FindByPrefix(toolName);
        return _hidden is { HasPrefixes: true } ? Hide(toolName, entry) : entry;
    }

    private ToolEntry FindByPrefix(string toolName) =>
        _byPrefix is not null && _byPrefix.TryFind(toolName, out ToolEntry entry) ? entry : _unmatched;

    private ToolEntry Hide(string toolName, ToolEntry entry)
    {
        int rule = _hidden!.Find(toolName);
        return rule < 0 ? entry : new ToolEntry(Verdict.Deny(
            DecisionCode.Hidden, _policy, entry.Risk, PolicyPlaces.Hidden(rule)));
    }
}
