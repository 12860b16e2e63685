using PolicyLayer.Approvals;
using PolicyLayer.Authorization.Decisions;
using PolicyLayer.Counters;
using PolicyLayer.DecisionTree;
using PolicyLayer.DecisionTree.Approvals;
using PolicyLayer.DecisionTree.Counting;
using PolicyLayer.DecisionTree.Reading;

namespace PolicyLayer.Authorization.Pipeline;

/// <summary>
/// Decides a call that goes on with an allowed one: rules and orders are judged by the policy of now, and nothing is charged. INVARIANT:
/// what it isn't sure of is a call of its own, and charged.
/// </summary>
internal sealed class Continuing(
    Continuations continuations, OpenCalls openCalls, Charging charging, ApprovalGate gate, Approving approvals, HostClock clock, int most)
{
    /// <summary>What a call begins, so that others may go on with it; null where it can't be told from others.</summary>
    public static LogicalCall? Begin(in ToolCall call, CallReport report, long started) =>
        IdentityOf(call, report) is { } identity && started != HostClock.NoTime ? new LogicalCall(identity, started) : null;

    /// <summary>What a call goes on with; null for a call of its own.</summary>
    public (LogicalCall Call, DecisionId From)? Find(in ToolCall call, CallReport report, DecisionId id) =>
        call.Continues is { } continued && IdentityOf(call, report) is { } identity ? continuations.Find(continued, identity, id) : null;

    /// <summary>Lets a decision be continued.</summary>
    public void Keep(in ToolCallDecision allowed, LogicalCall call) => continuations.Keep(allowed.Id, call);

    /// <summary>Forgets a decision that was continued.</summary>
    public void Forget(DecisionId continued) => continuations.Forget(continued);

    /// <summary>Settles a call that was reported: false where it was before, or isn't remembered.</summary>
    public bool TryClose(LogicalCall call)
    {
        bool isClosed = call.TryClose(openCalls.TryClose);
        continuations.Forget(call.Latest);
        return isClosed;
    }

    /// <summary>Decides a call that goes on with another one; null where another did so before: then it is one of its own.</summary>
    /// <param name="call">The call, judged, with what it goes on with.</param>
    /// <param name="from">The decision that it names.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="OperationCanceledException">The host gave up.</exception>
    public async ValueTask<ToolCallDecision?> TryGoOnAsync(CallInFlight call, DecisionId from, CancellationToken cancellationToken)
    {
        LogicalCall logical = call.Logical!;
        CallInFlight looking = Looking(call, logical);
        CounterReservation orders = looking.Evaluation.Counting is null
            ? CounterReservation.Admitted(call.UnixMilliseconds)
            : await charging.ReserveAsync(looking, cancellationToken).ConfigureAwait(false);
        ToolCallDecision decision = looking.Decide(orders, call.Started);
        if (!decision.IsAllowed)
        {
            return decision;
        }

        ApprovalUse? toSpend = null;
        if (call.Evaluation.Approval is { } need)
        {
            ApprovalUse? covering = logical.FindApproval(need.Binding, need.ExactBinding);
            ApprovalPass pass = covering is { } spent
                ? await gate.ReenterAsync(looking, spent, cancellationToken).ConfigureAwait(false)
                : await gate.EnterAsync(looking, cancellationToken).ConfigureAwait(false);
            if (pass.Use is not { } use)
            {
                return pass.Denial;
            }

            decision = (looking with { Approval = use }).Decide(orders, call.Started);
            toSpend = use.Id == covering?.Id ? null : use;
        }

        if (!logical.TryContinue(from, call.Id.Unplaced, openCalls.IsOpen, most))
        {
            return null;
        }

        if (toSpend is { } spending && await SpendAsync(call, spending, cancellationToken).ConfigureAwait(false) is { } denial)
        {
            return denial;
        }

        return decision;
    }

    private static CallIdentity? IdentityOf(in ToolCall call, CallReport report)
    {
        byte[]? digest = call.Arguments.IsNone ? ArgumentsDigest.OfNone : report.ArgumentsDigest;
        return digest is null ? null : new CallIdentity(call, digest);
    }

    /// <summary>The call as it asks for nothing but its orders, without the marks that the first has left.</summary>
    private CallInFlight Looking(in CallInFlight call, LogicalCall logical)
    {
        if (call.Evaluation is not { Counting: { } counting, Obligations: { } obligations } evaluation)
        {
            return call;
        }

        var marks = new OwnMarks(logical.First, call, clock.ElapsedSince(logical.Started, call.Id) ?? TimeSpan.MaxValue);
        CallDemands? orders = counting.OrdersOf(obligations.Demands, marks.Include);
        return call with
        {
            Evaluation = evaluation with
            {
                Obligations = obligations with { Counting = orders is null ? null : counting, OwnDemands = orders },
            },
        };
    }

    /// <summary>Spends a new approval; the denial where it can't be spent.</summary>
    private async ValueTask<ToolCallDecision?> SpendAsync(CallInFlight call, ApprovalUse use, CancellationToken cancellationToken)
    {
        LogicalCall logical = call.Logical!;
        DecisionCode code = default;
        try
        {
            code = await approvals.SpendAsync(use, call.Id, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (code == DecisionCode.Allowed)
            {
                logical.AddApproval(call.Id.Unplaced, use);
            }
            else
            {
                logical.TakeBack(call.Id.Unplaced);
            }
        }

        return code == DecisionCode.Allowed ? null : call.Deny(call.Evaluation.Approval!.Verdict.Under(code));
    }

    /// <summary>The marks that a first call left and that still count: they would stand against what goes on with it.</summary>
    private sealed class OwnMarks(ToolCallDecision first, CallInFlight call, TimeSpan elapsed)
    {
        public bool Include(CounterDefinition definition, string? partition)
        {
            if (!first.IsCounted || definition.Window.Duration is not { } length)
            {
                return false;
            }

            CounterRequest left = first.Reserved.Request;

            // INVARIANT: a mark is left out only while it surely counts, or another call's would be in its place. A store with a clock of
            // its own goes on when the host's steps back.
            if (elapsed >= length || call.UnixMilliseconds - left.UnixMilliseconds >= (long)length.TotalMilliseconds)
            {
                return false;
            }

            var key = new CounterKey(definition, call.GrantId, call.SessionId, partition);
            foreach (CounterDemand demand in left)
            {
                if (demand.AmountMillionths > 0 && demand.Key == key)
                {
                    return true;
                }
            }

            return false;
        }
    }
}
