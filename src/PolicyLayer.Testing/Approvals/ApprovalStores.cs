using PolicyLayer.Approvals;

namespace PolicyLayer.Testing.Approvals;

/// <summary>Opens and closes the stores of one run of a case.</summary>
internal sealed class ApprovalStores(ApprovalStoreHarness harness, string storage, CancellationToken cancellationToken)
    : OpenStores<IApprovalStore>
{
    public CancellationToken CancellationToken => cancellationToken;

    public bool Has(ApprovalStoreCapabilities capabilities) => harness.Capabilities.HasFlag(capabilities);

    public async Task<CaseApprovals> OpenAsync(int? maxApprovals = null)
    {
        IApprovalStore store =
            await harness.OpenAsync(new ApprovalStoreOpening(storage, maxApprovals), cancellationToken).ConfigureAwait(false);
        Opened(store);
        return new CaseApprovals(store, cancellationToken);
    }
}
