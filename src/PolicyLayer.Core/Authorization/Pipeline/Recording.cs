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

    /// <summary>Completes at once when the sinks do: what waits is kept out of the usual way.</summary>
    /// <exception cref="OperationCanceledException">
    /// The host gave up. What must happen all the same goes on without it: a denial is recorded, an allow is undone.
    /// </exception>
    public ValueTask<ToolCallDecision> RecordAsync(
        in CallInFlight call, in ToolCallDecision decision, AuditCounter[] counters, CancellationToken cancellationToken)
    {
        DateTimeOffset? time = clock.ReadTime(call.Id);
        AuditRecord record = AuditRecords.Decide(decision, call, counters, time, clock.ElapsedSince(call.Started, call.Id));
        if (!decision.IsAllowed)
        {
            ValueTask written = sinks.WriteAsync(record);
            return written.IsCompletedSuccessfully
                ? new ValueTask<ToolCallDecision>(decision)
                : AwaitDenialAsync(decision, written, cancellationToken);
        }

        // Without a time no sink is given the allow.
        ValueTask<bool> recorded = time is null ? default : sinks.TryWriteAllowAsync(record, cancellationToken);
        if (!recorded.IsCompletedSuccessfully)
        {
            return AwaitAllowAsync(call, decision, record, recorded, cancellationToken);
        }

        return recorded.Result
            ? new ValueTask<ToolCallDecision>(openCalls.Open(decision))
            : AwaitAllowAsync(call, decision, record, new ValueTask<bool>(false), cancellationToken);
    }

    /// <summary>Records what became of an allowed call. It never throws.</summary>
    public ValueTask ReportAsync(in ToolCallDecision decision, ToolCallOutcome outcome)
    {
        TimeSpan? duration = clock.ElapsedSince(decision.OpenCall!.Started, decision.Id);
        return sinks.WriteAsync(AuditRecords.Report(decision, outcome, clock.ReadTime(decision.Id), duration));
    }

    private static async ValueTask<ToolCallDecision> AwaitDenialAsync(
        ToolCallDecision denied, ValueTask written, CancellationToken cancellationToken)
    {
        await Background.WaitAsync(written, cancellationToken).ConfigureAwait(false);
        return denied;
    }

    private async ValueTask<ToolCallDecision> AwaitAllowAsync(
        CallInFlight call, ToolCallDecision allowed, AuditRecord record, ValueTask<bool> recorded, CancellationToken cancellationToken)
    {
        ToolCallDecision denied = call.Deny(call.Policy.Tree!.Verdicts.Get(DecisionCode.AuditUnavailable, allowed.Risk));
        try
        {
            if (await recorded.ConfigureAwait(false))
            {
                return openCalls.Open(allowed);
            }
        }
        catch (OperationCanceledException)
        {
            _ = UndoAsync(allowed, AuditRecords.Correct(record, denied, AuditRecordKind.Correction)).AsTask();
            throw;
        }

        AuditRecordKind kind = record.Time is null ? AuditRecordKind.Decision : AuditRecordKind.Correction;
        ValueTask undone = UndoAsync(allowed, AuditRecords.Correct(record, denied, kind));
        await Background.WaitAsync(undone, cancellationToken).ConfigureAwait(false);
        return denied;
    }

    /// <summary>At once, so that a store and sinks that hang do so together. It never throws.</summary>
    private async ValueTask UndoAsync(ToolCallDecision decision, AuditRecord correction)
    {
        ValueTask released = undoing.UndoAsync(decision);
        await sinks.WriteAsync(correction).ConfigureAwait(false);
        await released.ConfigureAwait(false);
    }
}
