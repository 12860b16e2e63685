using PolicyLayer.Approvals;
using PolicyLayer.Testing;

namespace PolicyLayer.Tests.Approvals;

public sealed class InMemoryApprovalHarness : ApprovalStoreHarness
{
    public override ApprovalStoreCapabilities Capabilities => ApprovalStoreCapabilities.RequestTime | ApprovalStoreCapabilities.Bounded;

    public override ValueTask<IApprovalStore> OpenAsync(ApprovalStoreOpening opening, CancellationToken cancellationToken)
    {
        var options = new InMemoryApprovalStoreOptions();
        options.MaxApprovals = opening.MaxApprovals ?? options.MaxApprovals;
        options.MaxApprovalsPerGrant = Math.Min(options.MaxApprovalsPerGrant, options.MaxApprovals);
        return new(new InMemoryApprovalStore(options));
    }
}
