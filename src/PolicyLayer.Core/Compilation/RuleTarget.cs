using PolicyLayer.DecisionTree.Conditions;
using PolicyLayer.DecisionTree.Paths;

namespace PolicyLayer.Compilation;

/// <summary>What a list of rules is compiled for: its place, the way its rules lean, and what it shares with its entry's other lists.</summary>
internal readonly record struct RuleTarget(string Pointer, RuleMode Mode, PathTableBuilder Paths, SeenRules Seen);
