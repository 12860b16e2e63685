using PolicyLayer.Approvals;
using PolicyLayer.Authorization.Decisions;
using PolicyLayer.Telemetry;

namespace PolicyLayer.Authorization.Pipeline;

/// <summary>Looks approvals up in their store, which answers within its time or gave no answer.</summary>
internal sealed class ApprovalLookup(IApprovalStore store, TimeSpan timeout, HostClock clock, FaultReporter faults)
{
    /// <summary>Finds an approval; false when the store gave no answer.</summary>
    /// <exception cref="OperationCanceledException">The host gave up.</exception>
    public async ValueTask<(bool IsAnswered, StoredApproval? Found)> FindAsync(
        ApprovalQuery query, DecisionId id, CancellationToken cancellationToken)
    {
        Task<StoredApproval?>? pending = null;
        Wait wait = Wait.Begin(clock.Provider);
        try
        {
            pending = store.FindAsync(query, cancellationToken).AsTask();
            StoredApproval? found = await pending.WaitAsync(timeout, clock.Provider, cancellationToken).ConfigureAwait(false);
            wait.End(FaultKind.ApprovalAsk, Approving.Place);
            return (true, found);
        }
        catch (Exception e) when (!(e is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            wait.End(FaultKind.ApprovalAsk, Approving.Place, e);
            faults.Tell(FaultKind.ApprovalAsk, Approving.Place, e, id.ToString());
            if (pending is { IsCompleted: false })
            {
                _ = faults.TellLaterAsync(FaultKind.ApprovalAsk, Approving.Place, pending, id.ToString());
            }

            return default;
        }
    }
}
