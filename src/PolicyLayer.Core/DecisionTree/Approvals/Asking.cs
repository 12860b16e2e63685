using PolicyLayer.DecisionTree.Verdicts;

namespace PolicyLayer.DecisionTree.Approvals;

/// <summary>What asks for the approval of a call.</summary>
/// <param name="Verdict">What the call is told, by the first that asks.</param>
/// <param name="Rules">The pointers of all that ask, in the policy's order.</param>
internal sealed record Asking(Verdict Verdict, IReadOnlyList<string> Rules);
