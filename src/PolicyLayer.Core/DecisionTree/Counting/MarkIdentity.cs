using PolicyLayer.Counters;

namespace PolicyLayer.DecisionTree.Counting;

/// <summary>Which marks an order asks for. The same source of values is one object.</summary>
internal readonly record struct MarkIdentity(CounterDefinition Counter, PartitionSource? Partition);
