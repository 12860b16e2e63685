using PolicyLayer.DecisionTree.Rules;

namespace PolicyLayer.Compilation.Rules;

/// <summary>What a list of rules is compiled for: which list it is, and what it shares with its entry's other lists.</summary>
internal readonly record struct RuleTarget(RuleList List, PathTableBuilder Paths, SeenRules Seen);
