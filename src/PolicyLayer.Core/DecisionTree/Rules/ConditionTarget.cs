using PolicyLayer.DecisionTree.Paths;

namespace PolicyLayer.DecisionTree.Rules;

/// <summary>What a condition tests.</summary>
/// <param name="Place">The path's place in the entry's table.</param>
/// <param name="Path">The path.</param>
/// <param name="MustHold">Whether a call passes when the rule holds, or when it doesn't.</param>
/// <param name="IsOptional">Whether the condition lets a call pass where the value is missing or null.</param>
internal readonly record struct ConditionTarget(int Place, PolicyPath Path, bool MustHold, bool IsOptional);
