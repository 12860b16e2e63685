using PolicyLayer.DecisionTree.Approvals;
using PolicyLayer.DecisionTree.Counting;
using PolicyLayer.DecisionTree.Verdicts;

namespace PolicyLayer.DecisionTree;

/// <summary>
/// What the tree says of a call: a verdict, and what still has to be asked of counters and of a person. INVARIANT: an allow has the verdict
/// of the entry that judged. Two references, which pass from step to step in registers.
/// </summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Obligations">What still has to be asked; null for nothing.</param>
internal readonly record struct Evaluation(Verdict Verdict, Obligations? Obligations = null)
{
    /// <inheritdoc cref="Obligations.Counting"/>
    public CounterPlan? Counting => Obligations?.Counting;

    /// <inheritdoc cref="Obligations.Demands"/>
    public CallDemands? Demands => Obligations?.Demands;

    /// <inheritdoc cref="Obligations.Approval"/>
    public ApprovalNeed? Approval => Obligations?.Approval;
}
