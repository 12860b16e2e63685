using PolicyLayer.Approvals;
using PolicyLayer.Counters;
using PolicyLayer.DecisionTree;
using PolicyLayer.DecisionTree.Approvals;
using PolicyLayer.DecisionTree.Counting;
using PolicyLayer.DecisionTree.Verdicts;

namespace PolicyLayer.Authorization.Pipeline;

/// <summary>
/// What a call that a person must approve meets before anything is charged: the orders, which are looked at, and the approval, which is
/// looked up or asked for. Nobody is asked for a call that its limits have no room for.
/// </summary>
internal sealed class ApprovalGate(
    Approving approvals, ApprovalLookup lookup, ApprovalRequests requests, Charging charging, HostClock clock)
{
    /// <exception cref="OperationCanceledException">The host gave up.</exception>
    public ValueTask<ApprovalPass> EnterAsync(CallInFlight call, CancellationToken cancellationToken) =>
        EnterAsync(call, mayRequest: true, cancellationToken);

    /// <summary>Looks through the gate: the same, but that a person is asked by nobody.</summary>
    /// <exception cref="OperationCanceledException">The host gave up.</exception>
    public ValueTask<ApprovalPass> LookInAsync(CallInFlight call, CancellationToken cancellationToken) =>
        EnterAsync(call, mayRequest: false, cancellationToken);

    private async ValueTask<ApprovalPass> EnterAsync(CallInFlight call, bool mayRequest, CancellationToken cancellationToken)
    {
        Room room = await LookAsync(call, cancellationToken).ConfigureAwait(false);
        if (room.Denial is not null)
        {
            return new ApprovalPass(null, call.Deny(room.Denial, room.RetryAfter));
        }

        ApprovalAnswer answer = default;
        if (call.UnixMilliseconds != HostClock.NoTime && clock.ReadTime(call.Id) is { } now)
        {
            // Read anew: a store takes a time far behind for a clock that stepped back, and looking may have taken long.
            ApprovalRequest request = requests.Create(call, now, mayRequest && room.Limit is null, room.Standings);
            answer = await approvals.AskAsync(request, call, cancellationToken).ConfigureAwait(false);
        }

        return Read(answer, call, room);
    }

    /// <summary>
    /// The same for a call that goes on with one for which an approval was spent: it covers this one too, unless a person has taken it
    /// back, or refuses the call now. One that the store doesn't know any more covers nothing: a person is asked anew.
    /// </summary>
    /// <exception cref="OperationCanceledException">The host gave up.</exception>
    public async ValueTask<ApprovalPass> ReenterAsync(CallInFlight call, ApprovalUse spent, CancellationToken cancellationToken)
    {
        if (call.UnixMilliseconds == HostClock.NoTime || clock.ReadTime(call.Id) is not { } now)
        {
            return Read(default, call, default);
        }

        ApprovalRequest request = requests.Create(call, now, mayRequest: false, standings: []);
        ApprovalAnswer answer = await approvals.AskAsync(request, call, cancellationToken).ConfigureAwait(false);
        if (answer.Kind == ApprovalAnswerKind.None || answer.Approval is { Status: ApprovalStatus.Refused })
        {
            return Read(answer, call, default);
        }

        var query = new ApprovalQuery(now, spent.Id);
        (bool isAnswered, StoredApproval? found) = await lookup.FindAsync(query, call.Id, cancellationToken).ConfigureAwait(false);
        if (!isAnswered)
        {
            return Read(default, call, default);
        }

        bool covers = found?.Id == spent.Id
            && found.Status is ApprovalStatus.Approved or ApprovalStatus.Spent or ApprovalStatus.Expired;
        TakeDown(covers ? found : null, call);
        return covers ? new ApprovalPass(spent, default) : await EnterAsync(call, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Who answered is for the record.</summary>
    private static void TakeDown(StoredApproval? approval, in CallInFlight call)
    {
        if (call.Report is { } report)
        {
            report.AnsweredBy = approval?.AnsweredBy;
        }
    }

    private static ApprovalPass Read(in ApprovalAnswer answer, in CallInFlight call, in Room room)
    {
        ApprovalNeed need = call.Evaluation.Approval!;
        Verdict asked = need.Verdict;
        TakeDown(answer.Approval, call);
        switch (answer)
        {
            case { Kind: ApprovalAnswerKind.TooMany }:
                return Deny(call, asked.Under(DecisionCode.ApprovalLimit));
            case { Kind: ApprovalAnswerKind.Nothing }:
                return Deny(call, room.Limit is null ? asked : NobodyIsAsked(asked, room), room.RetryAfter);
            case { Approval: { Status: ApprovalStatus.Pending } pending }:
                return Deny(call, asked.WithApproval(pending.Id), room.RetryAfter);
            case { Approval: { Status: ApprovalStatus.Refused } refused }:
                return Deny(call, Refused(asked, refused), (long)Math.Ceiling((refused.Until - call.Time).TotalMilliseconds));
            case { Approval: { Status: ApprovalStatus.Approved } approved } when need.Uncounted is null:
                return new ApprovalPass(new ApprovalUse(call.Time, approved.Id, need.Binding, need.ExactBinding), default);
            case { Approval.Status: ApprovalStatus.Approved }:
                return Deny(call, need.Uncounted);
            default:
                return Deny(call, asked.Under(DecisionCode.ApprovalStoreUnavailable));
        }
    }

    private static ApprovalPass Deny(in CallInFlight call, Verdict verdict, long retryAfter = 0) =>
        new(null, call.Deny(verdict, Math.Max(retryAfter, 0)));

    private static Verdict Refused(Verdict asked, StoredApproval refused) => asked.Under(
        DecisionCode.ApprovalDenied,
        refused.Reason is null ? null : $"A person refused the call: {refused.Reason}",
        refused.Id);

    private static Verdict NobodyIsAsked(Verdict asked, in Room room) => asked.Under(
        DecisionCode.ApprovalRequired,
        $"{asked.Words} Nobody is asked as yet, as an approval would not help: {room.Limit!.Words}",
        tellsWait: true);

    /// <summary>Asks the counters what the call will ask of them, and spends nothing.</summary>
    private async ValueTask<Room> LookAsync(CallInFlight call, CancellationToken cancellationToken)
    {
        Verdict? uncounted = call.Evaluation.Approval!.Uncounted;
        if (call.Evaluation.Counting is not { } counting)
        {
            return new Room(null, uncounted, 0, []);
        }

        CounterReservation looked = await charging.LookAsync(call, cancellationToken).ConfigureAwait(false);
        if (looked.Status == CounterReservationStatus.Admitted)
        {
            return new Room(null, uncounted, 0, counting.StandingsOf(call.Request, looked, call.Evaluation.Demands));
        }

        Verdict denial = call.FindDenial(looked, out long retryAfter);
        return denial.Code is DecisionCode.OrderViolated or DecisionCode.CounterStoreUnavailable
            ? new Room(denial, null, retryAfter, [])
            : new Room(null, uncounted ?? denial, retryAfter, []);
    }

    /// <summary>What the counters have for a call.</summary>
    /// <param name="Denial">What denies it before a person is asked: an order that it doesn't meet, or that can't be looked at.</param>
    /// <param name="Limit">What would deny it after: then asking is no use. Null for nothing.</param>
    /// <param name="RetryAfter">When the limits may have room, in milliseconds; 0 when waiting doesn't help.</param>
    /// <param name="Standings">What the counters of an admitted call stand at.</param>
    private readonly record struct Room(
        Verdict? Denial, Verdict? Limit, long RetryAfter, IReadOnlyList<CounterStanding> Standings);
}
