using PolicyLayer.Approvals;
using PolicyLayer.Auditing;
using PolicyLayer.Authorization.Decisions;
using PolicyLayer.Telemetry;

namespace PolicyLayer.Authorization.Pipeline;

/// <summary>
/// Has recorded what becomes of the requests for approval that this authorizer made, whoever answers them and wherever: at once what its
/// own inbox or a call that comes back brings, the rest when their time ends. It never throws.
/// </summary>
/// <remarks>
/// The timer runs while requests are open, and keeps what is needed for their records; a request ends by itself. INVARIANT: no call waits
/// for this, and none is denied for its sake: what spends an approval has a record of its own.
/// </remarks>
/// <param name="lookup">Looks requests up.</param>
/// <param name="sinks">Take the records.</param>
/// <param name="capacity">How many requests may be open.</param>
/// <param name="clock">The host's clock.</param>
/// <param name="faults">Hears of what can't be recorded.</param>
internal sealed class RecordingAnswers(
    ApprovalLookup lookup, AuditDispatcher sinks, int capacity, HostClock clock, FaultReporter faults)
{
    private static readonly TimeSpan Soonest = TimeSpan.FromMilliseconds(1);

    private readonly Lock _lock = new();
    private readonly OpenRequests _open = new(capacity);
    private ITimer? _timer;
    private bool _isLooking;

    /// <summary>Remembers a request that was made for a call.</summary>
    /// <param name="call">The call, which is recorded.</param>
    /// <param name="approvalId">The request's id.</param>
    /// <param name="pendingFor">For how long it can be answered.</param>
    public void Begin(in CallInFlight call, string approvalId, TimeSpan pendingFor)
    {
        if (clock.ReadTime(call.Id) is not { } now)
        {
            return;
        }

        var request = new OpenRequest(AuditRecords.Ask(call, approvalId), call.Id, now, pendingFor);
        if (_open.TryAdd(request, request.NextLook(now, isAnswered: true) ?? now))
        {
            Arm();
            return;
        }

        var tooMany = new InvalidOperationException("Too many requests for approval are open to record what becomes of this one.");
        faults.Tell(FaultKind.AuditWrite, Approving.Place, tooMany, call.Id.ToString());
    }

    /// <summary>Takes in what the store says to a call that comes back. It doesn't wait for the sinks.</summary>
    public void Meet(StoredApproval found, DecisionId id)
    {
        if (_open.Find(found.Id) is { } request && clock.ReadTime(id) is { } now)
        {
            _ = WriteAsync(Learn(request, found, now)).AsTask();
        }
    }

    /// <summary>Looks at a request that a person has just answered.</summary>
    public async ValueTask LookAtAsync(string approvalId)
    {
        if (_open.Find(approvalId) is { } request && clock.ReadTime(request.Decision) is { } now)
        {
            await TryLookAtAsync(request, now).ConfigureAwait(false);
        }
    }

    /// <summary>False when the store gave no answer.</summary>
    private async ValueTask<bool> TryLookAtAsync(OpenRequest request, DateTimeOffset now)
    {
        var query = new ApprovalQuery(now, request.Id);
        (bool isAnswered, StoredApproval? found) =
            await lookup.FindAsync(query, request.Decision, CancellationToken.None).ConfigureAwait(false);
        await WriteAsync(isAnswered ? Learn(request, found, now) : null).ConfigureAwait(false);
        return isAnswered;
    }

    private async Task LookAtDueAsync()
    {
        lock (_lock)
        {
            if (_isLooking)
            {
                return;
            }

            _isLooking = true;
        }

        while (_open.Next is { } next && clock.ReadTime(next.Request.Decision) is { } now && _open.TakeDue(now) is { } due)
        {
            bool isAnswered = await TryLookAtAsync(due, now).ConfigureAwait(false);
            DateTimeOffset? look = due.NextLook(now, isAnswered);
            if (look is null)
            {
                // What nobody can say any more is recorded as that.
                await WriteAsync(due.Learn(null, now)).ConfigureAwait(false);
            }

            _open.PutBack(due, look);
        }

        lock (_lock)
        {
            _isLooking = false;
        }

        Arm();
    }

    private AuditRecord? Learn(OpenRequest request, StoredApproval? found, DateTimeOffset now)
    {
        AuditRecord? record = request.Learn(found, now);
        if (request.IsOver)
        {
            _open.Remove(request);
        }

        return record;
    }

    private ValueTask WriteAsync(AuditRecord? record) => record is null ? default : sinks.WriteAsync(record);

    /// <summary>Has the timer end when the next request is to be looked at.</summary>
    private void Arm()
    {
        lock (_lock)
        {
            if (_isLooking || _open.Next is not { } next)
            {
                return;
            }

            try
            {
                TimeSpan pause = clock.ReadTime(next.Request.Decision) is { } now ? next.Time - now : OpenRequest.ShortestPause;
                _timer ??= CreateTimer();
                _timer.Change(pause > Soonest ? pause : Soonest, Timeout.InfiniteTimeSpan);
            }
            catch (Exception e)
            {
                faults.Tell(FaultKind.Clock, HostClock.Place, e, next.Request.Decision.ToString());
            }
        }
    }

    /// <summary>A timer that belongs to no call: not to the activity, say, in which the first was judged.</summary>
    private ITimer CreateTimer()
    {
        using (AsyncFlowControl? flow = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow())
        {
            return clock.Provider.CreateTimer(
                static answers => _ = ((RecordingAnswers)answers!).LookAtDueAsync(),
                this,
                Timeout.InfiniteTimeSpan,
                Timeout.InfiniteTimeSpan);
        }
    }
}
