namespace PolicyLayer.Approvals;

/// <summary>Tells people that a request waits for them: by mail, by chat, by a page of the host's.</summary>
public interface IApprovalNotifier
{
    /// <summary>
    /// Tells of a new request. It is called at most once for each, in the background: what it does, how long it takes and whether it fails
    /// touches no decision. At most 64 are told at once; of one more nobody is told but the fault listener.
    /// </summary>
    /// <param name="request">The request. It holds argument values: whoever gets them must be allowed to see them.</param>
    /// <param name="cancellationToken">Is cancelled after a minute.</param>
    ValueTask NotifyAsync(ApprovalView request, CancellationToken cancellationToken = default);
}
