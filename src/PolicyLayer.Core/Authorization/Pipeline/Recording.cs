using PolicyLayer.Auditing;
using PolicyLayer.Keys;

namespace PolicyLayer.Authorization.Pipeline;

/// <summary>Has decisions and outcomes recorded. An allow that can't be recorded is no allow, and what it was given goes back.</summary>
/// <param name="sinks">Take the records.</param>
/// <param name="undoing">Gives back what an allow was given.</param>
/// <param name="openCalls">Remembers allows.</param>
/// <param name="clock">The host's clock.</param>
/// <param name="keys">The host's; null where it has none.</param>
internal sealed class Recording(AuditDispatcher sinks, Undoing undoing, OpenCalls openCalls, HostClock clock, PolicyLayerKeys? keys)
{
    /// <summary>What stands for arguments in records; null without keys: a plain hash lets short arguments be guessed.</summary>
    public PurposeHash? ArgumentsHash { get; } = keys is null ? null : new PurposeHash(keys, "policylayer audit arguments v1");

    /// <summary>Completes at once when the sinks do.</summary>
    /// <exception cref="OperationCanceledException">
    /// The host gave up. What must happen all the same goes on without it: a denial is recorded, an allow is undone.
    /// </exception>
    public async ValueTask<ToolCallDecision> RecordAsync(
        CallInFlight call, ToolCallDecision decision, AuditCounter[] counters, CancellationToken cancellationToken)
    {
        DateTimeOffset? time = clock.ReadTime(call.Id);
        AuditRecord record = AuditRecords.Decide(decision, call, counters, time, clock.ElapsedSince(call.Started, call.Id));
        if (!decision.IsAllowed)
        {
            await Background.WaitAsync(sinks.WriteAsync(record), cancellationToken).ConfigureAwait(false);
            return decision;
        }

        ToolCallDecision denied = call.Deny(call.Policy.Tree!.Verdicts.Get(DecisionCode.AuditUnavailable, decision.Risk));
        bool isRecorded;
        try
        {
            isRecorded = time is not null && await sinks.TryWriteAllowAsync(record, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _ = UndoAsync(decision, AuditRecords.Correct(record, denied, AuditRecordKind.Correction)).AsTask();
            throw;
        }

        if (isRecorded)
        {
            return openCalls.Open(decision);
        }

        // Without a time no sink was given the allow.
        AuditRecordKind kind = time is null ? AuditRecordKind.Decision : AuditRecordKind.Correction;
        ValueTask undone = UndoAsync(decision, AuditRecords.Correct(record, denied, kind));
        await Background.WaitAsync(undone, cancellationToken).ConfigureAwait(false);
        return denied;
    }

    /// <summary>Records what became of an allowed call. It never throws.</summary>
    public ValueTask ReportAsync(in ToolCallDecision decision, ToolCallOutcome outcome)
    {
        TimeSpan? duration = clock.ElapsedSince(decision.OpenCall!.Started, decision.Id);
        return sinks.WriteAsync(AuditRecords.Report(decision, outcome, clock.ReadTime(decision.Id), duration));
    }

    /// <summary>At once, so that a store and sinks that hang do so together. It never throws.</summary>
    private async ValueTask UndoAsync(ToolCallDecision decision, AuditRecord correction)
    {
        ValueTask released = undoing.UndoAsync(decision);
        await sinks.WriteAsync(correction).ConfigureAwait(false);
        await released.ConfigureAwait(false);
    }
}
