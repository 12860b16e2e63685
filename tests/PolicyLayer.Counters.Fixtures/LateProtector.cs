using PolicyLayer.Approvals;

namespace PolicyLayer.Tests;

/// <summary>A protector that shows nothing before a test says so.</summary>
public sealed class LateProtector : IApprovalProtector
{
    private readonly TaskCompletionSource _asked = new();
    private readonly TaskCompletionSource<ReadOnlyMemory<byte>?> _content = new();

    public Task Asked => _asked.Task;

    public void Show(ReadOnlyMemory<byte> content) => _content.SetResult(content);

    public ValueTask<ReadOnlyMemory<byte>> ProtectAsync(
        ProtectedApproval subject, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => new(content);

    public ValueTask<ReadOnlyMemory<byte>?> UnprotectAsync(
        ProtectedApproval subject, ReadOnlyMemory<byte> kept, CancellationToken cancellationToken)
    {
        _asked.SetResult();
        return new ValueTask<ReadOnlyMemory<byte>?>(_content.Task);
    }
}
