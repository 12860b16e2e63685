namespace PolicyLayer.Approvals;

/// <summary>
/// Keeps the contents of requests from whoever reads a store: encrypts them, or shortens what a person needn't see. Safe for any number of
/// threads. <see cref="ApprovalProtector"/> has those of the library.
/// </summary>
public interface IApprovalProtector
{
    /// <summary>Makes of a content what the store keeps.</summary>
    /// <param name="subject">The request that it is the content of.</param>
    /// <param name="content">
    /// One JSON object in UTF-8. A protector that shortens keeps its form; what it leaves out, the person who approves doesn't see.
    /// </param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Exception">It can't be protected: nothing is stored, and the call is denied.</exception>
    ValueTask<ReadOnlyMemory<byte>> ProtectAsync(
        ProtectedApproval subject, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default);

    /// <summary>Makes of what the store kept what a person sees.</summary>
    /// <param name="subject">The request, as the store has it: a content that was kept for another one isn't to be shown.</param>
    /// <param name="kept">What <see cref="ProtectAsync"/> made, or something else that stands in its place.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The content; null where it can't be read, as its key is gone or it isn't this request's.</returns>
    ValueTask<ReadOnlyMemory<byte>?> UnprotectAsync(
        ProtectedApproval subject, ReadOnlyMemory<byte> kept, CancellationToken cancellationToken = default);
}
