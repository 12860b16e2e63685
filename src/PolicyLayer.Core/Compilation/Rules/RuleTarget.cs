using PolicyLayer.DecisionTree.Rules;

namespace PolicyLayer.Compilation.Rules;

/// <summary>What a list of rules is compiled for.</summary>
/// <param name="List">Which list it is.</param>
/// <param name="Paths">What the entry reads, its other lists too.</param>
/// <param name="Seen">The rules of the entry's lists so far.</param>
/// <param name="Reason">What is said for a rule that says nothing itself; null for nothing.</param>
internal readonly record struct RuleTarget(RuleList List, PathTableBuilder Paths, SeenRules Seen, string? Reason = null);
