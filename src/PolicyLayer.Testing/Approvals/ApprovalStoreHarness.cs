using PolicyLayer.Approvals;

namespace PolicyLayer.Testing;

/// <summary>Opens the stores that <see cref="ApprovalStoreConformance"/> tries. Derive from it for a store of your own.</summary>
public abstract class ApprovalStoreHarness
{
    /// <summary>What the store does beyond the promises that every store makes.</summary>
    public abstract ApprovalStoreCapabilities Capabilities { get; }

    /// <summary>
    /// Opens a store. The case closes it by disposing it, if it is <see cref="IAsyncDisposable"/> or <see cref="IDisposable"/>, before the
    /// storage is opened again, except where several instances share it.
    /// </summary>
    /// <param name="opening">The storage and its bounds.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public abstract ValueTask<IApprovalStore> OpenAsync(ApprovalStoreOpening opening, CancellationToken cancellationToken);
}
