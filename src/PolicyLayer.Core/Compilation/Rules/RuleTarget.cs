using PolicyLayer.DecisionTree.Rules;

namespace PolicyLayer.Compilation.Rules;

/// <summary>What a list of rules is compiled for: the way its rules lean, and what it shares with its entry's other lists.</summary>
internal readonly record struct RuleTarget(RuleMode Mode, PathTableBuilder Paths, SeenRules Seen);
