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
    Judging judging,
    Charging charging,
    ApprovalStep approvals,
    Continuing continuing,
    Undoing undoing,
    Recording? recording,
    OpenCalls openCalls,
    HostClock clock)
{
    /// <summary>Whether anybody wants to know of decisions.</summary>
    public bool IsObserved { get; } = recording is not null;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public ValueTask<ToolCallDecision> DecideAsync(
        in ToolCall call, in ResolvedPolicy policy, DecisionId id, CancellationToken cancellationToken)
    {
        if (IsObserved)
        {
            return DecideObservedAsync(call, policy, id, cancellationToken);
        }

        Evaluation evaluation = judging.Judge(call, policy, id, report: null);
        if (evaluation.Approval is not null)
        {
            return AskPersonAsync(call, policy, evaluation, id, cancellationToken);
        }

        if (evaluation.Counting is not null)
        {
            return ChargeAsync(call, policy, evaluation, id, cancellationToken);
        }

        Settlement settlement = evaluation.Verdict == policy.Entry.Verdict ? default : Settlement.ForDenial(evaluation.Verdict);
        return new ValueTask<ToolCallDecision>(new ToolCallDecision(policy.Entry, id, call.ToolName, call.GrantId!, settlement));
    }

    /// <summary>Decides a call that others may go on with, or that goes on with another one.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public async ValueTask<ToolCallDecision> DecideLinkedAsync(
        ToolCall call, ResolvedPolicy policy, DecisionId id, CancellationToken cancellationToken)
    {
        long started = clock.ReadTimestamp(id);
        CallReport report = NewReport(call, needsDigest: true);
        Evaluation evaluation = judging.Judge(call, policy, id, report);
        var judged = new CallInFlight(call, policy, evaluation, id, clock.ReadUnixMilliseconds(id)) { Started = started, Report = report };
        if (continuing.Find(call, report, id) is (LogicalCall earlier, DecisionId from))
        {
            CallInFlight next = judged with { Logical = earlier };
            if (await continuing.TryGoOnAsync(next, from, cancellationToken).ConfigureAwait(false) is { } decision)
            {
                report.Continues = from.ToString();
                decision = await FinishAsync(next, decision, [], cancellationToken).ConfigureAwait(false);
                if (decision.IsAllowed)
                {
                    continuing.Forget(from);
                }

                return KeepIf(call.MayContinue, decision);
            }
        }

        CallInFlight own = judged with { Logical = call.MayContinue ? Continuing.Begin(call, report, started) : null };
        ToolCallDecision first = await DecideJudgedAsync(own, cancellationToken).ConfigureAwait(false);
        if (first.IsAllowed)
        {
            own.Logical?.Begin(first);
        }

        return KeepIf(call.MayContinue, first);
    }

    /// <summary>Whether a call was open, or the logical call that it is a part of; it isn't any more.</summary>
    public bool TryClose(in ToolCallDecision decision) =>
        decision.OpenCall?.Logical is { } logical ? continuing.TryClose(logical) : openCalls.TryClose(decision.Id);

    /// <summary>Does what the outcome of a call asks for, now that it isn't open any more. It never throws.</summary>
    public ValueTask CloseAsync(in ToolCallDecision decision, ToolCallOutcome outcome)
    {
        ToolCallDecision charged = decision.OpenCall?.Logical?.First ?? decision;
        ValueTask counted = outcome switch
        {
            ToolCallOutcome.NotExecuted when MayGiveBack(decision) => undoing.GiveBackAsync(charged),
            ToolCallOutcome.Succeeded when charged.LeavesMarks => MarkAsync(charged),
            _ => default,
        };
        ValueTask recorded = recording is null ? default : recording.ReportAsync(decision, outcome);
        return counted.IsCompletedSuccessfully ? recorded : AwaitBothAsync(counted, recorded);
    }

    // INVARIANT: of a call that went on nothing goes back by a report on what went before: the tool may be running.
    private static bool MayGiveBack(in ToolCallDecision decision) =>
        decision.OpenCall?.Logical is not { } logical || logical.Latest == decision.Id.Unplaced;

    private static async ValueTask AwaitBothAsync(ValueTask counted, ValueTask recorded)
    {
        await counted.ConfigureAwait(false);
        await recorded.ConfigureAwait(false);
    }

    private CallReport NewReport(in ToolCall call, bool needsDigest) =>
        new(call) { NeedsDigest = needsDigest, RecordedHash = recording?.ArgumentsHash };

    private ToolCallDecision KeepIf(bool mayContinue, in ToolCallDecision decision)
    {
        if (mayContinue && decision.IsAllowed && decision.OpenCall?.Logical is { } logical)
        {
            continuing.Keep(decision, logical);
        }

        return decision;
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
        in ToolCall call, in ResolvedPolicy policy, DecisionId id, CancellationToken cancellationToken)
    {
        long started = clock.ReadTimestamp(id);
        CallReport report = NewReport(call, needsDigest: false);
        Evaluation evaluation = judging.Judge(call, policy, id, report);
        bool isCounted = evaluation.Counting is not null;
        bool needsTime = isCounted || evaluation.Approval is not null;
        var judged = new CallInFlight(call, policy, evaluation, id, needsTime ? clock.ReadUnixMilliseconds(id) : 0)
        {
            Started = started,
            Report = report,
        };
        return DecideJudgedAsync(judged, cancellationToken);
    }

    private ValueTask<ToolCallDecision> DecideJudgedAsync(in CallInFlight judged, CancellationToken cancellationToken)
    {
        if (judged.Evaluation.Approval is not null)
        {
            return AskPersonAsync(judged, cancellationToken);
        }

        return judged.Evaluation.Counting is not null
            ? AskAsync(judged, cancellationToken)
            : FinishAsync(judged, judged.Decide(clock.ReadTimestamp(judged.Id)), [], cancellationToken);
    }

    /// <summary>Records a decision, where anybody wants to know of it, and remembers an allow.</summary>
    private ValueTask<ToolCallDecision> FinishAsync(
        in CallInFlight call, in ToolCallDecision decision, AuditCounter[] counters, CancellationToken cancellationToken)
    {
        if (recording is not null)
        {
            return recording.RecordAsync(call, decision, counters, cancellationToken);
        }

        return new ValueTask<ToolCallDecision>(decision.IsAllowed ? openCalls.Open(decision) : decision);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ValueTask<ToolCallDecision> ChargeAsync(
        in ToolCall call, in ResolvedPolicy policy, Evaluation evaluation, DecisionId id, CancellationToken cancellationToken)
    {
        long now = clock.ReadUnixMilliseconds(id);
        if (evaluation.Demands is null
            && now != HostClock.NoTime
            && charging.TryCharge(evaluation.Counting!.Counters, call.GrantId!, call.SessionId, now))
        {
            return new ValueTask<ToolCallDecision>(new ToolCallDecision(
                policy.Entry, openCalls.Open(id), call.ToolName, call.GrantId!, Settlement.Reserved(now, call.SessionId)));
        }

        return AskAsync(call, policy, evaluation, id, now, cancellationToken);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ValueTask<ToolCallDecision> AskAsync(
        in ToolCall call,
        in ResolvedPolicy policy,
        Evaluation evaluation,
        DecisionId id,
        long now,
        CancellationToken cancellationToken) =>
        AskAsync(new CallInFlight(call, policy, evaluation, id, now), cancellationToken);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ValueTask<ToolCallDecision> AskAsync(in CallInFlight call, CancellationToken cancellationToken)
    {
        ValueTask<CounterReservation> answer = charging.ReserveAsync(call, cancellationToken);
        if (!answer.IsCompletedSuccessfully)
        {
            return AwaitAnswerAsync(call, answer, cancellationToken);
        }

        return SettleAsync(call, answer.Result, cancellationToken);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ValueTask<ToolCallDecision> AskPersonAsync(
        in ToolCall call, in ResolvedPolicy policy, Evaluation evaluation, DecisionId id, CancellationToken cancellationToken) =>
        AskPersonAsync(new CallInFlight(call, policy, evaluation, id, clock.ReadUnixMilliseconds(id)), cancellationToken);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private async ValueTask<ToolCallDecision> AskPersonAsync(CallInFlight call, CancellationToken cancellationToken)
    {
        (ToolCallDecision decision, AuditCounter[] counters) = await approvals.DecideAsync(call, cancellationToken).ConfigureAwait(false);
        return await FinishAsync(call, decision, counters, cancellationToken).ConfigureAwait(false);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private async ValueTask<ToolCallDecision> AwaitAnswerAsync(
        CallInFlight call, ValueTask<CounterReservation> answer, CancellationToken cancellationToken)
    {
        CounterReservation reservation = await answer.ConfigureAwait(false);
        return await SettleAsync(call, reservation, cancellationToken).ConfigureAwait(false);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ValueTask<ToolCallDecision> SettleAsync(
        in CallInFlight call, in CounterReservation reservation, CancellationToken cancellationToken)
    {
        if (IsObserved)
        {
            return RecordCountedAsync(call, reservation, cancellationToken);
        }

        ToolCallDecision decision = call.Decide(reservation, HostClock.NoTime);
        if (decision.IsAllowed)
        {
            decision = decision.With(openCalls.Open(decision.Id));
        }

        return new ValueTask<ToolCallDecision>(decision);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ValueTask<ToolCallDecision> RecordCountedAsync(
        in CallInFlight call, in CounterReservation reservation, CancellationToken cancellationToken)
    {
        AuditCounter[] counters = AuditRecords.CountersOf(call.Request, reservation);
        return recording!.RecordAsync(call, call.Decide(reservation, clock.ReadTimestamp(call.Id)), counters, cancellationToken);
    }
}
