using PolicyLayer.Approvals;

namespace PolicyLayer.Tests;

/// <summary>A protector that shows nothing before who asked has given up.</summary>
public sealed class LateProtector : IApprovalProtector
{
    private readonly TaskCompletionSource _asked = new();
    private readonly TaskCompletionSource<ReadOnlyMemory<byte>?> _content = new();

    /// <summary>Makes a request and gives up once the store has it, but hasn't shown it; then its content is shown.</summary>
    /// <param name="store">The store, with this protector.</param>
    /// <param name="request">The request.</param>
    /// <param name="content">What is shown.</param>
    public async Task<ApprovalAnswer> AskAndGiveUpAsync(IApprovalStore store, ApprovalRequest request, ReadOnlyMemory<byte> content)
    {
        using var cancellation = new CancellationTokenSource();
        Task<ApprovalAnswer> asking = store.AskAsync(request, cancellation.Token).AsTask();
        await _asked.Task.ConfigureAwait(false);
        await cancellation.CancelAsync().ConfigureAwait(false);
        _content.SetResult(content);
        return await asking.ConfigureAwait(false);
    }

    public ValueTask<ReadOnlyMemory<byte>> ProtectAsync(
        ProtectedApproval subject, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => new(content);

    public ValueTask<ReadOnlyMemory<byte>?> UnprotectAsync(
        ProtectedApproval subject, ReadOnlyMemory<byte> kept, CancellationToken cancellationToken)
    {
        _asked.SetResult();
        return new ValueTask<ReadOnlyMemory<byte>?>(_content.Task);
    }
}
