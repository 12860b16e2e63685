namespace PolicyLayer.Telemetry;

/// <summary>What an authorizer was doing when something broke.</summary>
public enum FaultKind
{
    /// <summary>Reading a call or judging it: the call was denied with <see cref="DecisionCode.InternalError"/>.</summary>
    Judging = 0,

    /// <summary>Reading the clock: where a decision needs the time, the call was denied.</summary>
    Clock = 1,

    /// <summary>
    /// Charging counters: the call was denied with <see cref="DecisionCode.CounterStoreUnavailable"/>, or nobody waited for it any more.
    /// </summary>
    CounterReserve = 2,

    /// <summary>Giving quota back: the charge may stay until its window ends.</summary>
    CounterRelease = 3,

    /// <summary>
    /// Writing a record: an allow became a denial with <see cref="DecisionCode.AuditUnavailable"/>; a denial, a correction, an outcome or
    /// what became of an approval may be missing from this sink, or from all of them where more requests were open than are remembered.
    /// </summary>
    AuditWrite = 4,

    /// <summary>
    /// Looking up a grant: the call was denied with <see cref="DecisionCode.GrantResolverUnavailable"/>.
    /// </summary>
    GrantResolve = 5,

    /// <summary>
    /// Asking for an approval: the call was denied with <see cref="DecisionCode.ApprovalStoreUnavailable"/>. Or looking what became of a
    /// request, for its record: it is looked at again.
    /// </summary>
    ApprovalAsk = 6,

    /// <summary>
    /// Spending an approval: the call was denied with <see cref="DecisionCode.ApprovalStoreUnavailable"/>, or nobody waited for it any
    /// more.
    /// </summary>
    ApprovalSpend = 7,

    /// <summary>Giving an approval back: it may stay spent.</summary>
    ApprovalReturn = 8,

    /// <summary>Telling people of a request: they may not know of it.</summary>
    ApprovalNotify = 9,

    /// <summary>
    /// Queueing a record for a sink of best effort, which was full or disposed: this sink misses the record, and no call was denied for it.
    /// Told once a second at most; <c>BestEffortAuditSink.Dropped</c> has the count.
    /// </summary>
    AuditDropped = 10,

    /// <summary>
    /// Reading a host's dictionary of arguments, answers, facts or a grant's attributes: the call was denied with
    /// <see cref="DecisionCode.ArgumentsMalformed"/> or <see cref="DecisionCode.ContextMalformed"/>. <see cref="Fault.Member"/> says where.
    /// </summary>
    Malformed = 11,

    /// <summary>Reloading policies and grants, or telling of it: what was in force stays so, or what came into force does.</summary>
    Reload = 12,
}
