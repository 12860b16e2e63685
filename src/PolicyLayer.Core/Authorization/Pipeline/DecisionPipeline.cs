using System.Runtime.CompilerServices;
using PolicyLayer.Auditing;
using PolicyLayer.Authorization.Decisions;
using PolicyLayer.Counters;
using PolicyLayer.DecisionTree;
using PolicyLayer.DecisionTree.Reading;

namespace PolicyLayer.Authorization.Pipeline;

/// <summary>The steps from a call, whose policy has been found, to its decision, and from the report of its outcome to its end.</summary>
/// <remarks>
/// What the usual case doesn't need is kept out of its methods: a frame is cleared on every call, and grows with what is inlined.
/// </remarks>
internal sealed class DecisionPipeline(
    Judging judging, Charging charging, Recording? recording, OpenCalls openCalls, HostClock clock)
{
    /// <summary>Whether anybody wants to know of decisions.</summary>
    public bool IsObserved { get; } = recording is not null;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public ValueTask<ToolCallDecision> DecideAsync(
        in ToolCall call, ResolvedPolicy policy, DecisionId id, CancellationToken cancellationToken)
    {
        if (IsObserved)
        {
            return DecideObservedAsync(call, policy, id, cancellationToken);
        }

        Evaluation evaluation = judging.Judge(call, policy, id, report: null);
        if (evaluation.Counting is not null)
        {
            return ChargeAsync(call, policy, evaluation, id, cancellationToken);
        }

        Settlement settlement = evaluation.Verdict == policy.Entry.Verdict ? default : Settlement.ForDenial(evaluation.Verdict);
        return new ValueTask<ToolCallDecision>(new ToolCallDecision(policy.Entry, id, call.ToolName, call.GrantId!, settlement));
    }

    /// <summary>Does what the outcome of a call asks for, now that it isn't open any more. It never throws.</summary>
    public ValueTask CloseAsync(in ToolCallDecision decision, ToolCallOutcome outcome)
    {
        ValueTask counted = outcome switch
        {
            ToolCallOutcome.NotExecuted => charging.ReleaseAsync(decision),
            ToolCallOutcome.Succeeded when decision.LeavesMarks => MarkAsync(decision),
            _ => default,
        };
        ValueTask recorded = recording is null ? default : recording.ReportAsync(decision, outcome);
        return counted.IsCompletedSuccessfully ? recorded : AwaitBothAsync(counted, recorded);
    }

    private static async ValueTask AwaitBothAsync(ValueTask counted, ValueTask recorded)
    {
        await counted.ConfigureAwait(false);
        await recorded.ConfigureAwait(false);
    }

    // INVARIANT: a success that can't be marked isn't: whoever asks for it is denied, never let in.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ValueTask MarkAsync(in ToolCallDecision decision)
    {
        long now = clock.ReadUnixMilliseconds(decision.Id);
        return now == HostClock.NoTime ? default : charging.MarkAsync(decision.MarksOfSuccess(now), decision.Id);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ValueTask<ToolCallDecision> DecideObservedAsync(
        in ToolCall call, ResolvedPolicy policy, DecisionId id, CancellationToken cancellationToken)
    {
        long started = clock.ReadTimestamp(id);
        var report = new CallReport();
        Evaluation evaluation = judging.Judge(call, policy, id, report);
        bool isCounted = evaluation.Counting is not null;
        var judged = new CallInFlight(call, policy, evaluation, id, isCounted ? clock.ReadUnixMilliseconds(id) : 0)
        {
            Started = started,
            Report = report,
        };
        return isCounted
            ? AskAsync(judged, cancellationToken)
            : recording!.RecordAsync(judged, judged.Decide(clock.ReadTimestamp(id)), [], cancellationToken);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ValueTask<ToolCallDecision> ChargeAsync(
        in ToolCall call, ResolvedPolicy policy, in Evaluation evaluation, DecisionId id, CancellationToken cancellationToken)
    {
        long now = clock.ReadUnixMilliseconds(id);
        return evaluation.Demands is null
            && now != HostClock.NoTime
            && charging.TryCharge(evaluation.Counting!.Counters, call.GrantId!, call.SessionId, now)
            ? new ValueTask<ToolCallDecision>(new ToolCallDecision(
                policy.Entry, openCalls.Open(id), call.ToolName, call.GrantId!, Settlement.Reserved(now, call.SessionId)))
            : AskAsync(call, policy, evaluation, id, now, cancellationToken);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ValueTask<ToolCallDecision> AskAsync(
        in ToolCall call, ResolvedPolicy policy, in Evaluation evaluation, DecisionId id, long now, CancellationToken cancellationToken) =>
        AskAsync(new CallInFlight(call, policy, evaluation, id, now), cancellationToken);

    private ValueTask<ToolCallDecision> AskAsync(in CallInFlight call, CancellationToken cancellationToken)
    {
        ValueTask<CounterReservation> answer = charging.ReserveAsync(call, cancellationToken);
        return answer.IsCompletedSuccessfully
            ? SettleAsync(call, answer.Result, cancellationToken)
            : AwaitAnswerAsync(call, answer, cancellationToken);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private async ValueTask<ToolCallDecision> AwaitAnswerAsync(
        CallInFlight call, ValueTask<CounterReservation> answer, CancellationToken cancellationToken)
    {
        CounterReservation reservation = await answer.ConfigureAwait(false);
        return await SettleAsync(call, reservation, cancellationToken).ConfigureAwait(false);
    }

    private ValueTask<ToolCallDecision> SettleAsync(
        in CallInFlight call, in CounterReservation reservation, CancellationToken cancellationToken)
    {
        if (IsObserved)
        {
            return RecordCountedAsync(call, reservation, cancellationToken);
        }

        ToolCallDecision decision = call.Decide(reservation, HostClock.NoTime);
        return new ValueTask<ToolCallDecision>(decision.IsAllowed ? decision.With(openCalls.Open(decision.Id)) : decision);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ValueTask<ToolCallDecision> RecordCountedAsync(
        in CallInFlight call, in CounterReservation reservation, CancellationToken cancellationToken)
    {
        AuditCounter[] counters = AuditRecords.CountersOf(call.Request, reservation);
        return recording!.RecordAsync(call, call.Decide(reservation, clock.ReadTimestamp(call.Id)), counters, cancellationToken);
    }
}
