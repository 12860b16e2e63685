using PolicyLayer.DecisionTree;

namespace PolicyLayer.Authorization.Pipeline;

/// <summary>The policy that a call is judged by, and the entry of the call's tool in it.</summary>
internal readonly record struct ResolvedPolicy(PolicyTree Tree, ToolEntry Entry);
