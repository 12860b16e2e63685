using PolicyLayer.Approvals;
using PolicyLayer.Auditing;
using PolicyLayer.Calls;
using PolicyLayer.Counters;
using PolicyLayer.Grants;
using PolicyLayer.Telemetry;

namespace PolicyLayer;

/// <summary>What a <see cref="ToolCallAuthorizer"/> works with. Read once, when the authorizer is made.</summary>
public sealed class ToolCallAuthorizerOptions
{
    /// <summary>Where counters are kept; null for a new <see cref="InMemoryCounterStore"/>.</summary>
    public ICounterStore? Counters { get; set; }

    /// <summary>
    /// Where records go; each must have the record of an allow before the call may run. Empty by default. What becomes of requests for
    /// approval is recorded by the authorizer that asked: at once what <see cref="ToolCallAuthorizer.Approvals"/> answers or a call that
    /// comes back meets, else when the request ends. A process that ends before doesn't record it.
    /// </summary>
    public IList<IAuditSink> AuditSinks { get; } = [];

    /// <summary>
    /// Who may call, and which policy judges whose calls, asked anew for every call: a <see cref="GrantDirectory"/>, or a resolver of the
    /// host's own. A call that names no grant, or one that isn't there, is revoked or expired, is denied. Null, the default, where the host
    /// has no grants: then whatever id a call names is taken, and one policy judges all calls.
    /// </summary>
    public IGrantResolver? Grants { get; set; }

    /// <summary>
    /// How long <see cref="Grants"/> may take to answer, by <see cref="TimeProvider"/>. A call whose answer takes longer is denied with
    /// <see cref="DecisionCode.GrantResolverUnavailable"/>. A resolver that blocks its caller can't be stopped so. 5 seconds by default,
    /// from 1 millisecond to 1 hour.
    /// </summary>
    public TimeSpan GrantTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Where requests for approval wait for a person; null for a new <see cref="InMemoryApprovalStore"/>, which
    /// <see cref="ToolCallAuthorizer.Approvals"/> answers.
    /// </summary>
    public IApprovalStore? Approvals { get; set; }

    /// <summary>Is told of new requests, so that it can tell people; null, the default, for nobody.</summary>
    public IApprovalNotifier? ApprovalNotifier { get; set; }

    /// <summary>
    /// For how long a request waits for an answer, and a refusal denies the same call. 10 minutes by default, from 1 second to 1 day.
    /// </summary>
    public TimeSpan ApprovalPendingFor { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long after it was given an approval can be spent. 10 minutes by default, from 1 second to 1 day.</summary>
    public TimeSpan ApprovalValidFor { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How many requests of one grant may wait at once: one more call is denied with <see cref="DecisionCode.ApprovalLimit"/>, so that no
    /// agent floods the people who answer. 100 by default, from 1 to 100,000.
    /// </summary>
    public int MaxPendingApprovals { get; set; } = 100;

    /// <summary>
    /// How long the approval store may take for each answer, by <see cref="TimeProvider"/>. A call whose answer takes longer is denied with
    /// <see cref="DecisionCode.ApprovalStoreUnavailable"/>; what the store spends later goes back. 5 seconds by default, from 1 millisecond
    /// to 1 hour.
    /// </summary>
    public TimeSpan ApprovalTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long after the first call others may go on with it by <see cref="ToolCall.Continues"/>, by <see cref="TimeProvider"/>. 1 hour by
    /// default, from 1 second to 1 day.
    /// </summary>
    public TimeSpan ContinuableFor { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// How many calls may go on with one, one after another: the next is a call of its own. 16 by default, from 0 to 1,000.
    /// </summary>
    public int MaxContinuations { get; set; } = 16;

    /// <summary>
    /// The grant of a call that names none, such as the one user of a desktop tool: all of them then share its quota. Null, the default,
    /// where every call must name its grant. Not empty, and not beside <see cref="Grants"/>, where a call without one is denied.
    /// </summary>
    public string? DefaultGrantId { get; set; }

    /// <summary>
    /// The host's secret keys; null, the default, for none. Values that limits count by (<c>per</c>) or orders go by (<c>same</c>) stand in
    /// the counter store as digests under the current key, and so does what approvals are bound to in theirs; without keys whoever reads
    /// the store can guess short values. Another current key starts new counters, and approvals of before cover nothing. Processes that
    /// share a store are given the same ones.
    /// </summary>
    public PolicyLayerKeys? Keys { get; set; }

    /// <summary>The clock of limits and records.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>
    /// The largest arguments that are read, in bytes of UTF-8; larger ones deny. 1 MiB by default, at least 2. It bounds the context too,
    /// and inputs. A dictionary has no text: its depth is bounded, and its size by <see cref="MaxWork"/>.
    /// </summary>
    public int MaxArgumentsBytes { get; set; } = 1024 * 1024;

    /// <summary>How deep arguments, inputs and context may nest; the object itself is depth 1. 64 by default, from 1 to 1,000.</summary>
    public int MaxArgumentsDepth { get; set; } = 64;

    /// <summary>
    /// How many steps judging one call may take, so that no call, however hostile, takes long: one that takes more is denied with
    /// <see cref="DecisionCode.ArgumentsTooLarge"/>, whatever its rules say. A step is a byte that is read, a member or element that is
    /// passed over, or a state of a regex's automaton at a byte; the policy's reference says what else takes how many. The same call takes
    /// the same steps by the same policy, on any thread and however often it was judged before. 33,554,432 by default, which is about a
    /// tenth of a second at the worst; from 1 to 1,099,511,627,776.
    /// </summary>
    public long MaxWork { get; set; } = WorkBudget.Default;

    /// <summary>
    /// How many allowed calls can be open at once, waiting for <see cref="IToolCallAuthorizer.CompleteAsync"/>: those that spent quota and,
    /// with audit sinks, all. While fewer are open none is forgotten. A call beyond them is allowed as ever and one of the oldest is
    /// forgotten: its quota stays spent and its outcome goes unrecorded. 65,536 by default, from 1 to 1,048,576. The table grows with need,
    /// by 16 bytes a call. With audit sinks as many requests for approval are remembered until it is recorded what became of them; what
    /// becomes of one more goes unrecorded, which the fault listener is told.
    /// </summary>
    /// <remarks>
    /// The oldest of all are forgotten up to 2,047. Above, places are divided among the processors, into at most 16 parts, and the oldest
    /// of one part is: at least as many newer calls are open as a part has other places.
    /// </remarks>
    public int MaxOpenCalls { get; set; } = 65_536;

    /// <summary>
    /// How long the counter store may take to answer, and to take quota back, by <see cref="TimeProvider"/>. A call whose answer takes
    /// longer is denied with <see cref="DecisionCode.CounterStoreUnavailable"/>; what the store admits later goes back. 5 seconds by
    /// default, from 1 millisecond to 1 hour.
    /// </summary>
    public TimeSpan CounterTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long each audit sink may take for one record, by <see cref="TimeProvider"/>. An allow whose record takes longer becomes
    /// <see cref="DecisionCode.AuditUnavailable"/>, and its quota goes back; any other decision or outcome stands without it. 5 seconds by
    /// default, from 1 millisecond to 1 hour.
    /// </summary>
    public TimeSpan AuditTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Hears of what broke; null, the default, for nobody.</summary>
    public IFaultListener? FaultListener { get; set; }

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(TimeProvider);
        if (DefaultGrantId is not null)
        {
            ArgumentException.ThrowIfNullOrEmpty(DefaultGrantId);
            if (Grants is not null)
            {
                throw new ArgumentException($"`{nameof(DefaultGrantId)}` is for hosts without `{nameof(Grants)}`.", nameof(DefaultGrantId));
            }
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(MaxArgumentsBytes, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxArgumentsDepth, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxArgumentsDepth, 1_000);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxWork, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxWork, WorkBudget.Highest);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxOpenCalls, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxOpenCalls, 1_048_576);
        ThrowIfNotUpToADay(ContinuableFor, nameof(ContinuableFor));
        ArgumentOutOfRangeException.ThrowIfNegative(MaxContinuations);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxContinuations, 1_000);
        ThrowIfNotUpToADay(ApprovalPendingFor, nameof(ApprovalPendingFor));
        ThrowIfNotUpToADay(ApprovalValidFor, nameof(ApprovalValidFor));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxPendingApprovals, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxPendingApprovals, 100_000);
        ThrowIfOutOfRange(ApprovalTimeout, nameof(ApprovalTimeout));
        ThrowIfOutOfRange(GrantTimeout, nameof(GrantTimeout));
        ThrowIfOutOfRange(CounterTimeout, nameof(CounterTimeout));
        ThrowIfOutOfRange(AuditTimeout, nameof(AuditTimeout));
        foreach (IAuditSink sink in AuditSinks)
        {
            ArgumentNullException.ThrowIfNull(sink);
        }
    }

    private static void ThrowIfNotUpToADay(TimeSpan time, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.FromSeconds(1), name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(time, ApprovalTerms.MaxValidFor, name);
    }

    private static void ThrowIfOutOfRange(TimeSpan timeout, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(timeout, TimeSpan.FromMilliseconds(1), name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(timeout, TimeSpan.FromHours(1), name);
    }
}
