using PolicyLayer.Approvals;
using PolicyLayer.Tests.Secrets.Searching;

namespace PolicyLayer.Tests.Secrets.Hosts;

/// <summary>An approval store that fails at one of its operations, with what it was given in its exception.</summary>
internal sealed class LeakyApprovals(string operation, Leak leak) : IApprovalStore
{
    private readonly InMemoryApprovalStore _store = new();

    public ValueTask<ApprovalAnswer> AskAsync(ApprovalRequest request, CancellationToken cancellationToken = default) =>
        operation == nameof(AskAsync)
            ? leak.FailAsync<ApprovalAnswer>(ObjectText.Of(request))
            : _store.AskAsync(request, cancellationToken);

    public ValueTask<bool> SpendAsync(ApprovalUse use, CancellationToken cancellationToken = default) =>
        operation == nameof(SpendAsync) ? leak.FailAsync<bool>(ObjectText.Of(use)) : _store.SpendAsync(use, cancellationToken);

    public async ValueTask ReturnAsync(ApprovalUse use, CancellationToken cancellationToken = default)
    {
        if (operation == nameof(ReturnAsync))
        {
            await leak.FailAsync<bool>(ObjectText.Of(use));
        }

        await _store.ReturnAsync(use, cancellationToken);
    }

    public ValueTask<ApprovalResolution> ResolveAsync(ApprovalResolve answer, CancellationToken cancellationToken = default) =>
        _store.ResolveAsync(answer, cancellationToken);

    public ValueTask<StoredApproval?> FindAsync(ApprovalQuery query, CancellationToken cancellationToken = default) =>
        _store.FindAsync(query, cancellationToken);

    public ValueTask<IReadOnlyList<StoredApproval>> ListPendingAsync(
        ApprovalListQuery query, CancellationToken cancellationToken = default) => _store.ListPendingAsync(query, cancellationToken);
}
