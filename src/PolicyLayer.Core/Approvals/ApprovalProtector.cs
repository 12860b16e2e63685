using System.Text;
using PolicyLayer.Keys;

namespace PolicyLayer.Approvals;

/// <summary>The protectors of the library: a store that writes contents down takes one of these, or one of the host's.</summary>
public static class ApprovalProtector
{
    private const string Purpose = "policylayer approval content v1";

    /// <summary>
    /// Leaves contents as they are: whoever reads the store, a backup or a copy of its file reads arguments of tool calls. Only on purpose.
    /// </summary>
    public static IApprovalProtector Plain { get; } = new PlainProtector();

    /// <summary>
    /// Encrypts contents with AES-256-GCM under a sub-key of the host's current key, the key's id beside it; what any of the keys encrypted
    /// can be read. A content is bound to its request.
    /// </summary>
    /// <param name="keys">The host's keys. Processes that share a store share them.</param>
    /// <exception cref="ArgumentNullException"><paramref name="keys"/> is null.</exception>
    public static IApprovalProtector Encrypting(PolicyLayerKeys keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return new EncryptingProtector(new SealedBox(keys, Purpose));
    }

    private sealed class PlainProtector : IApprovalProtector
    {
        public ValueTask<ReadOnlyMemory<byte>> ProtectAsync(
            ProtectedApproval subject, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default) => new(content);

        public ValueTask<ReadOnlyMemory<byte>?> UnprotectAsync(
            ProtectedApproval subject, ReadOnlyMemory<byte> kept, CancellationToken cancellationToken = default) => new(kept);
    }

    private sealed class EncryptingProtector(SealedBox box) : IApprovalProtector
    {
        public ValueTask<ReadOnlyMemory<byte>> ProtectAsync(
            ProtectedApproval subject, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default) =>
            new(box.Seal(content.Span, ContextOf(subject)));

        public ValueTask<ReadOnlyMemory<byte>?> UnprotectAsync(
            ProtectedApproval subject, ReadOnlyMemory<byte> kept, CancellationToken cancellationToken = default) =>
            new(box.Open(kept.Span, ContextOf(subject)) is { } content ? content.AsMemory() : default(ReadOnlyMemory<byte>?));

        // Ids and bindings are hexadecimal digits: no other three are the same bytes.
        private static byte[] ContextOf(ProtectedApproval subject) =>
            Encoding.UTF8.GetBytes($"{subject.Id}|{subject.Binding}|{subject.ExactBinding}");
    }
}
