using PolicyLayer.Counters;

namespace PolicyLayer.DecisionTree.Counting;

/// <summary>
/// A counter of a policy, and by which values: where both are those of another revision, it goes on where that one left off.
/// </summary>
/// <param name="Counter">The counter.</param>
/// <param name="Values">The paths of the values that tell it apart; null for none.</param>
internal readonly record struct CountedBy(CounterDefinition Counter, string? Values);
