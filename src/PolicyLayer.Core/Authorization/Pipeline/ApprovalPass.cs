using PolicyLayer.Approvals;

namespace PolicyLayer.Authorization.Pipeline;

/// <summary>What the gate says to a call: the approval that it may spend, or the decision that it gets without.</summary>
/// <param name="Use">The approval; null for none.</param>
/// <param name="Denial">The decision, where there is none.</param>
internal readonly record struct ApprovalPass(ApprovalUse? Use, ToolCallDecision Denial);
