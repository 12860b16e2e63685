using PolicyLayer.Approvals;

namespace PolicyLayer.Tests.Authorization;

/// <summary>The store in memory, but for what a test says.</summary>
internal sealed class StubApprovals : IApprovalStore
{
    private readonly InMemoryApprovalStore _store = new();

    public Func<ApprovalRequest, CancellationToken, ValueTask<ApprovalAnswer>>? Ask { get; set; }

    public Func<ApprovalUse, CancellationToken, ValueTask<bool>>? Spend { get; set; }

    public Func<ApprovalUse, ValueTask>? Return { get; set; }

    public Func<ApprovalQuery, ValueTask<StoredApproval?>>? Find { get; set; }

    public ApprovalRequest? LastRequest { get; private set; }

    public ValueTask<ApprovalAnswer> AskAsync(ApprovalRequest request, CancellationToken cancellationToken = default)
    {
        LastRequest = request;
        return Ask?.Invoke(request, cancellationToken) ?? _store.AskAsync(request, cancellationToken);
    }

    public ValueTask<bool> SpendAsync(ApprovalUse use, CancellationToken cancellationToken = default) =>
        Spend?.Invoke(use, cancellationToken) ?? _store.SpendAsync(use, cancellationToken);

    public ValueTask ReturnAsync(ApprovalUse use, CancellationToken cancellationToken = default) =>
        Return?.Invoke(use) ?? _store.ReturnAsync(use, cancellationToken);

    public ValueTask<ApprovalResolution> ResolveAsync(ApprovalResolve answer, CancellationToken cancellationToken = default) =>
        _store.ResolveAsync(answer, cancellationToken);

    public ValueTask<StoredApproval?> FindAsync(ApprovalQuery query, CancellationToken cancellationToken = default) =>
        Find?.Invoke(query) ?? _store.FindAsync(query, cancellationToken);

    public ValueTask<IReadOnlyList<StoredApproval>> ListPendingAsync(
        ApprovalListQuery query, CancellationToken cancellationToken = default) => _store.ListPendingAsync(query, cancellationToken);

    /// <summary>Takes a use of the store's own, for a test that answers late.</summary>
    public ValueTask<bool> SpendOwnAsync(ApprovalUse use) => _store.SpendAsync(use);
}
