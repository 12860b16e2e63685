using PolicyLayer.DecisionTree.Approvals;
using PolicyLayer.DecisionTree.Counting;

namespace PolicyLayer.DecisionTree;

/// <summary>What still has to be asked before a call is decided. Immutable; an entry's calls share one where all ask the same.</summary>
/// <param name="Counting">What an allow still hangs on, or what may deny a call before its verdict does; null for nothing.</param>
/// <param name="OwnDemands">What this call asks of them; null for what all calls of the plan do.</param>
/// <param name="Approval">What an allow needs of a person, before anything is charged; null for nothing.</param>
internal sealed record Obligations(CounterPlan? Counting, CallDemands? OwnDemands = null, ApprovalNeed? Approval = null)
{
    /// <summary>What is asked of the counters; null when that is one unit each.</summary>
    public CallDemands? Demands => OwnDemands ?? Counting?.Fixed;
}
