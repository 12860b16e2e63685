using PolicyLayer.Approvals;
using PolicyLayer.DecisionTree.Counting;

namespace PolicyLayer.Authorization.Decisions;

/// <summary>What an allowed call has to remember until its outcome is reported, beyond what its decision holds anyway.</summary>
/// <param name="SessionId">The call's session, or null.</param>
/// <param name="Demands">What it asked of its counters; null for what all calls of its entry ask.</param>
/// <param name="Stamp">The counter store's number.</param>
/// <param name="State">The counter store's object.</param>
/// <param name="Started">The clock's timestamp at the decision, for the record of the outcome; none when nothing is recorded.</param>
/// <param name="Approval">The approval that covers it; null for none.</param>
/// <param name="Logical">The call that it is a part of, where it may be continued or goes on with another one; else null.</param>
internal sealed record OpenCall(
    string? SessionId,
    CallDemands? Demands,
    long Stamp,
    object? State,
    long Started,
    ApprovalUse? Approval = null,
    LogicalCall? Logical = null);
