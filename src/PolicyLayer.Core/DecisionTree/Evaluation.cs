using PolicyLayer.DecisionTree.Approvals;
using PolicyLayer.DecisionTree.Counting;
using PolicyLayer.DecisionTree.Verdicts;

namespace PolicyLayer.DecisionTree;

/// <summary>
/// What the tree says of a call: a verdict, and what still has to be asked of counters and of a person. INVARIANT: an allow has the verdict
/// of the entry that judged.
/// </summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Counting">What an allow still hangs on, or what may deny a call before its verdict does; null for nothing.</param>
/// <param name="Demands">What this call asks of them; null when that is one unit each.</param>
/// <param name="Approval">What an allow needs of a person, before anything is charged; null for nothing.</param>
internal readonly record struct Evaluation(
    Verdict Verdict, CounterPlan? Counting = null, CallDemands? Demands = null, ApprovalNeed? Approval = null);
