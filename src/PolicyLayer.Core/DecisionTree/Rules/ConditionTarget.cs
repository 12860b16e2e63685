using PolicyLayer.DecisionTree.Paths;

namespace PolicyLayer.DecisionTree.Rules;

/// <summary>What a condition tests.</summary>
/// <param name="Place">The path's place in the entry's table.</param>
/// <param name="Path">The path.</param>
/// <param name="Mode">Which way the rule leans.</param>
internal readonly record struct ConditionTarget(int Place, PolicyPath Path, RuleMode Mode);
