using PolicyLayer.DecisionTree.Verdicts;

namespace PolicyLayer.DecisionTree.Rules;

/// <summary>What the denials of all rules of one list have in common.</summary>
/// <param name="List">The list.</param>
/// <param name="ToolKey">The key of the entry that has the list; null for <c>all_tools</c>.</param>
/// <param name="Policy">The policy.</param>
/// <param name="Risk">The tool's risk.</param>
internal readonly record struct RuleDenial(RuleList List, string? ToolKey, PolicyIdentity Policy, ToolRisk Risk);
