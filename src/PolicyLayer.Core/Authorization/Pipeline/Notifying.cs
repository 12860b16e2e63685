using PolicyLayer.Approvals;
using PolicyLayer.Authorization.Decisions;
using PolicyLayer.Telemetry;

namespace PolicyLayer.Authorization.Pipeline;

/// <summary>Has people told of new requests, apart from the calls that make them.</summary>
internal sealed class Notifying(IApprovalNotifier notifier, TimeProvider time, FaultReporter faults)
{
    private const string Place = "ApprovalNotifier";

    /// <summary>So many are told at once: each holds what it tells of, however long the notifier takes.</summary>
    private const int MostAtOnce = 64;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private int _running;

    /// <summary>Returns at once. What becomes of it touches no decision.</summary>
    public void Begin(StoredApproval request, DecisionId id)
    {
        if (Interlocked.Increment(ref _running) <= MostAtOnce)
        {
            _ = Task.Run(() => TellAsync(request, id), CancellationToken.None);
            return;
        }

        Interlocked.Decrement(ref _running);
        faults.Tell(FaultKind.ApprovalNotify, Place, new InvalidOperationException("The notifier is too slow."), id.ToString());
    }

    private async Task TellAsync(StoredApproval request, DecisionId id)
    {
        try
        {
            using var patience = new CancellationTokenSource(Patience, time);
            await notifier.NotifyAsync(new ApprovalView(request), patience.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            faults.Tell(FaultKind.ApprovalNotify, Place, e, id.ToString());
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }
}
