using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using PolicyLayer.Calls;
using PolicyLayer.DecisionTree.Verdicts;
using PolicyLayer.Text;

namespace PolicyLayer.DecisionTree;

/// <summary>Finds the entry that judges a tool: hidden before listed, an exact name before patterns, the longest head first.</summary>
internal sealed class ToolIndex
{
    /// <summary>How many looks of names at patterns a policy may take to load; beyond them each call looks for itself.</summary>
    private const long MaxLooks = 10_000_000;

    private readonly FrozenDictionary<string, ToolEntry> _byName;
    private readonly PatternTable<ToolEntry>? _byPattern;
    private readonly ToolEntry _unmatched;
    private readonly ToolEntry _unlisted;
    private readonly CaseVariants? _caseVariants;
    private readonly HideRules? _hidden;
    private readonly ConcurrentDictionary<(int Rule, ToolRisk Risk), ToolEntry> _hiddenEntries = new(concurrencyLevel: 1, capacity: 7);
    private readonly PolicyIdentity _policy;
    private readonly ToolEntry _tooLong;
    private readonly long _longestName;
    private readonly bool _hidesLate;

    /// <param name="listed">The entries.</param>
    /// <param name="unmatched">What judges tools that no entry matches; where it denies, their case doesn't matter.</param>
    /// <param name="hidden">What is hidden, or null.</param>
    /// <param name="policy">Which policy this is.</param>
    public ToolIndex(ListedTools listed, ToolEntry unmatched, HideRules? hidden, PolicyIdentity policy)
    {
        _unmatched = unmatched;
        _hidden = hidden;
        _policy = policy;
        Malformed = Denying(DecisionCode.ArgumentsMalformed);
        _tooLong = Denying(DecisionCode.ArgumentsTooLarge);
        _unlisted = Denying(DecisionCode.NotListed, PolicyPlaces.Default);
        _byPattern = listed.Patterns;
        int wildcards = listed.Wildcards + (hidden?.Wildcards ?? 0);
        _longestName = wildcards == 0 ? long.MaxValue : WorkBudget.Default / wildcards;
        Dictionary<string, ToolEntry> names = listed.Names;
        _caseVariants = unmatched.Verdict.Code == DecisionCode.Allowed && names.Count > 0 ? new CaseVariants(names.Keys) : null;
        if (hidden is not null)
        {
            string[] all = [.. names.Keys.Concat(hidden.Names)];
            _hidesLate = (long)all.Length * wildcards > MaxLooks;
            foreach (string name in _hidesLate ? [] : all)
            {
                names[name] = Hide(name, names.GetValueOrDefault(name) ?? FindByPattern(name));
            }
        }

        _byName = names.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private ToolIndex(ToolIndex other, FrozenDictionary<string, ToolEntry> byName)
    {
        _byName = byName;
        (_byPattern, _unmatched, _unlisted, _caseVariants) = (other._byPattern, other._unmatched, other._unlisted, other._caseVariants);
        (_hidden, _policy, _tooLong, _longestName) = (other._hidden, other._policy, other._tooLong, other._longestName);
        (Malformed, _hidesLate) = (other.Malformed, other._hidesLate);
    }

    /// <summary>The entry of names that are no Unicode text.</summary>
    public ToolEntry Malformed { get; }

    /// <summary>The same index with other entries for some tools, none of which is hidden; they are no more listed than before.</summary>
    public ToolIndex With(IEnumerable<KeyValuePair<string, ToolEntry>> entries)
    {
        var names = new Dictionary<string, ToolEntry>(_byName, StringComparer.Ordinal);
        foreach ((string name, ToolEntry entry) in entries)
        {
            names[name] = entry;
        }

        return new ToolIndex(this, names.ToFrozenDictionary(StringComparer.Ordinal));
    }

    public ToolEntry Find(string toolName)
    {
        if (!_byName.TryGetValue(toolName, out ToolEntry? entry))
        {
            return FindUnnamed(toolName);
        }

        return _hidesLate ? Hide(toolName, entry) : entry;
    }

    /// <summary>Whether an entry matches a tool. Entries that say nothing are one object, which doesn't tell.</summary>
    public bool IsListed(string toolName)
    {
        PatternTable<ToolEntry>.Matches? matches = _byPattern?.Find(toolName);
        return _byName.ContainsKey(toolName) || (matches is { } found && found.MoveNext());
    }

    /// <summary>
    /// The policy's own word for a tool: the name, where it stands there exactly, or the pattern that the entry was found by; null for
    /// neither. However many names an agent invents, there are no more of these than the document has.
    /// </summary>
    public string? WordFor(string toolName)
    {
        if (_byName.ContainsKey(toolName))
        {
            return toolName;
        }

        if (_byPattern is null || toolName.Length > _longestName)
        {
            return null;
        }

        PatternTable<ToolEntry>.Matches matches = _byPattern.Find(toolName);
        return matches.MoveNext() ? matches.Pattern.Text : null;
    }

    // A name that equals one of the policy's is Unicode text, as policies are, and mostly known to be hidden or not; others are looked at.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ToolEntry FindUnnamed(string toolName)
    {
        if (!Utf16.IsWellFormed(toolName))
        {
            return Malformed;
        }

        // Each look reads the name once at most: all looks together may cost no more than judging a call.
        if (toolName.Length > _longestName)
        {
            return _tooLong;
        }

        ToolEntry entry = FindByPattern(toolName);
        return _hidesLate || _hidden is { HasPatterns: true } ? Hide(toolName, entry) : entry;
    }

    private ToolEntry FindByPattern(string toolName)
    {
        if (_byPattern is not null)
        {
            PatternTable<ToolEntry>.Matches matches = _byPattern.Find(toolName);
            if (matches.MoveNext())
            {
                return matches.Current;
            }
        }

        return _caseVariants is not null && _caseVariants.Contains(toolName) ? _unlisted : _unmatched;
    }

    private ToolEntry Hide(string toolName, ToolEntry entry)
    {
        int rule = _hidden!.Find(toolName);
        return rule < 0 ? entry : _hiddenEntries.GetOrAdd(
            (rule, entry.Risk),
            static (key, policy) => new ToolEntry(Verdict.Deny(DecisionCode.Hidden, policy, key.Risk, PolicyPlaces.Hidden(key.Rule))),
            _policy);
    }

    private ToolEntry Denying(DecisionCode code, Place? place = null) =>
        new(Verdict.Deny(code, _policy, ToolRisk.Unspecified, place));
}
