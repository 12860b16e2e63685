using PolicyLayer.Approvals;
using PolicyLayer.Authorization.Decisions;
using PolicyLayer.Telemetry;

namespace PolicyLayer.Authorization.Pipeline;

/// <summary>Has people told of new requests, apart from the calls that make them.</summary>
internal sealed class Notifying(IApprovalNotifier notifier, FaultReporter faults)
{
    private const string Place = "ApprovalNotifier";

    /// <summary>Returns at once. What becomes of it touches no decision.</summary>
    public void Begin(StoredApproval request, DecisionId id) =>
        _ = Task.Run(() => TellAsync(new ApprovalView(request), id), CancellationToken.None);

    private async Task TellAsync(ApprovalView request, DecisionId id)
    {
        try
        {
            await notifier.NotifyAsync(request, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            faults.Tell(FaultKind.ApprovalNotify, Place, e, id.ToString());
        }
    }
}
