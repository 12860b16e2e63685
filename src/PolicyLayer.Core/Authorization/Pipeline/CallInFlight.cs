using System.Runtime.CompilerServices;
using PolicyLayer.Approvals;
using PolicyLayer.Authorization.Decisions;
using PolicyLayer.Counters;
using PolicyLayer.DecisionTree;
using PolicyLayer.DecisionTree.Reading;
using PolicyLayer.DecisionTree.Verdicts;

namespace PolicyLayer.Authorization.Pipeline;

/// <summary>
/// A call that has been judged and isn't decided yet. It holds all that the steps after the judgement need, and no arguments: what a
/// record says of them is what the judgement read.
/// </summary>
internal readonly struct CallInFlight
{
    private readonly string _toolName;

    /// <param name="call">The call.</param>
    /// <param name="policy">What it was judged by.</param>
    /// <param name="evaluation">What the policy says of it.</param>
    /// <param name="id">The number that its decision will have.</param>
    /// <param name="unixMilliseconds">The time that its counters are charged at, if it is counted.</param>
    public CallInFlight(in ToolCall call, in ResolvedPolicy policy, in Evaluation evaluation, DecisionId id, long unixMilliseconds)
    {
        _toolName = call.ToolName;
        GrantId = call.GrantId!;
        SessionId = call.SessionId;
        Policy = policy;
        Evaluation = evaluation;
        Id = id;
        UnixMilliseconds = unixMilliseconds;
    }

    public string GrantId { get; }

    public string? SessionId { get; }

    /// <summary>The policy that the call sees, from the first step to the last.</summary>
    public ResolvedPolicy Policy { get; }

    public Evaluation Evaluation { get; init; }

    public DecisionId Id { get; }

    public long UnixMilliseconds { get; }

    /// <summary>The same as a time; only where there is one.</summary>
    public DateTimeOffset Time => DateTimeOffset.FromUnixTimeMilliseconds(UnixMilliseconds);

    /// <summary>The approval that the call spends; null for none.</summary>
    public ApprovalUse? Approval { get; init; }

    /// <summary>What the call begins or goes on with, where it may be continued or continues another one; else null.</summary>
    public LogicalCall? Logical { get; init; }

    /// <summary>The clock's timestamp when the call came in; only for calls that are recorded, or belong to others.</summary>
    public long Started { get; init; }

    /// <summary>What was read of the call; only for calls that are recorded, or belong to others.</summary>
    public CallReport? Report { get; init; }

    /// <summary>What the call demands of the counters; only of one that is counted.</summary>
    public CounterRequest Request =>
        Evaluation.Counting!.Request(UnixMilliseconds, GrantId, SessionId, Evaluation.Demands);

    /// <summary>The decision that a store's answer makes of the judgement.</summary>
    /// <param name="reservation">The answer.</param>
    /// <param name="started">The clock's timestamp, for the record of the outcome.</param>
    public ToolCallDecision Decide(in CounterReservation reservation, long started)
    {
        if (reservation.Status != CounterReservationStatus.Admitted)
        {
            return Refuse(reservation);
        }

        Verdict verdict = Evaluation.Verdict;
        return verdict.Code == DecisionCode.Allowed ? Admit(reservation, started) : Deny(verdict);
    }

    /// <summary>The decision that the judgement is, of a call that isn't counted.</summary>
    public ToolCallDecision Decide(long started)
    {
        Verdict verdict = Evaluation.Verdict;
        return verdict.Code == DecisionCode.Allowed ? Admit(CounterReservation.Admitted(UnixMilliseconds), started) : Deny(verdict);
    }

    /// <summary>The same call, denied for another reason.</summary>
    /// <param name="verdict">The reason.</param>
    /// <param name="retryAfter">How long to wait, in milliseconds; 0 when waiting doesn't help.</param>
    public ToolCallDecision Deny(Verdict verdict, long retryAfter = 0) => Settle(Settlement.ForDenial(verdict, retryAfter));

    private ToolCallDecision Settle(Settlement settlement) => new(Policy.Entry, Id, _toolName, GrantId, settlement);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ToolCallDecision Admit(in CounterReservation reservation, long started)
    {
        // Mostly the decision itself holds all that a report or a release needs.
        bool isAllInDecision = Report is null
            && Approval is null
            && ReferenceEquals(Evaluation.Demands, Evaluation.Counting?.Fixed)
            && reservation.Stamp == UnixMilliseconds
            && reservation.State is null;
        return Settle(isAllInDecision
            ? Settlement.Reserved(UnixMilliseconds, SessionId)
            : Settlement.Reserved(
                UnixMilliseconds,
                new OpenCall(SessionId, Evaluation.Demands, reservation.Stamp, reservation.State, started, Approval, Logical)));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ToolCallDecision Refuse(in CounterReservation reservation) => Deny(FindDenial(reservation, out long retryAfter), retryAfter);

    /// <summary>The denial that a store's answer means which isn't an admission.</summary>
    /// <param name="reservation">The answer.</param>
    /// <param name="retryAfter">How long to wait, in milliseconds; 0 when waiting doesn't help.</param>
    public Verdict FindDenial(in CounterReservation reservation, out long retryAfter)
    {
        ToolEntry entry = Policy.Entry;
        retryAfter = 0;
        return reservation.Status switch
        {
            CounterReservationStatus.Refused => entry.DenyRefused(Request, reservation, Evaluation.Demands, out retryAfter),
            CounterReservationStatus.AtCapacity => entry.DenyByCounter(
                DecisionCode.CounterCapacity, reservation.CapacityIndex, Evaluation.Demands),
            _ => entry.DenyByCounter(DecisionCode.CounterStoreUnavailable, 0, Evaluation.Demands),
        };
    }
}
