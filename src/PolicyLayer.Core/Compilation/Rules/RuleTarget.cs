using PolicyLayer.DecisionTree.Rules;

namespace PolicyLayer.Compilation.Rules;

/// <summary>What a list of rules is compiled for.</summary>
/// <param name="List">Which list it is.</param>
/// <param name="Paths">What the entry reads, its other lists too.</param>
/// <param name="Seen">The rules of the entry's lists so far.</param>
/// <param name="Reason">What is said for a rule that says nothing itself; null for nothing.</param>
/// <param name="AllTold">
/// Whether each rule that asks counts, though another asks for every call: one approval covers calls for which the same rules ask.
/// </param>
internal readonly record struct RuleTarget(
    RuleList List, PathTableBuilder Paths, SeenRules Seen, string? Reason = null, bool AllTold = false);
