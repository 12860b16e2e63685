using PolicyLayer.Approvals;
using PolicyLayer.Auditing;
using PolicyLayer.Counters;
using PolicyLayer.DecisionTree.Verdicts;

namespace PolicyLayer.Authorization.Pipeline;

/// <summary>
/// Decides a call that a person must approve: through the gate, then charged, then the approval is spent. INVARIANT: what is charged for a
/// call that doesn't win its approval goes back, and no call runs that hasn't won one.
/// </summary>
internal sealed class ApprovalStep(ApprovalGate gate, Approving approvals, Charging charging, HostClock clock)
{
    /// <returns>The decision, and the counters that the call was to be counted on.</returns>
    /// <exception cref="OperationCanceledException">The host gave up.</exception>
    public async ValueTask<(ToolCallDecision Decision, AuditCounter[] Counters)> DecideAsync(
        CallInFlight call, CancellationToken cancellationToken)
    {
        ApprovalPass pass = await gate.EnterAsync(call, cancellationToken).ConfigureAwait(false);
        if (pass.Use is not { } use)
        {
            return (pass.Denial, []);
        }

        CallInFlight approved = call with { Approval = use };
        bool isCounted = call.Evaluation.Counting is not null;
        CounterReservation reservation = isCounted
            ? await charging.ReserveAsync(approved, cancellationToken).ConfigureAwait(false)
            : CounterReservation.Admitted(call.UnixMilliseconds);
        ToolCallDecision decision = approved.Decide(reservation, clock.ReadTimestamp(call.Id));
        AuditCounter[] counters = isCounted && call.Report is not null ? AuditRecords.CountersOf(call.Request, reservation) : [];
        if (!decision.IsAllowed)
        {
            return (decision, counters);
        }

        ToolCallDecision spent = await SpendAsync(approved, decision, use, cancellationToken).ConfigureAwait(false);
        return (spent, spent.IsAllowed ? counters : AuditRecords.WithoutUsed(counters));
    }

    private async ValueTask<ToolCallDecision> SpendAsync(
        CallInFlight call, ToolCallDecision allowed, ApprovalUse use, CancellationToken cancellationToken)
    {
        DecisionCode code;
        try
        {
            code = await approvals.SpendAsync(use, call.Id, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _ = charging.ReleaseAsync(allowed).AsTask();
            throw;
        }

        if (code == DecisionCode.Allowed)
        {
            return allowed;
        }

        await Background.WaitAsync(charging.ReleaseAsync(allowed), cancellationToken).ConfigureAwait(false);
        return call.Deny(call.Evaluation.Approval!.Verdict.Under(code));
    }
}
