using System.Runtime.CompilerServices;
using PolicyLayer.Approvals;
using PolicyLayer.Auditing;
using PolicyLayer.Authorization;
using PolicyLayer.Authorization.Decisions;
using PolicyLayer.Authorization.Pipeline;
using PolicyLayer.Counters;
using PolicyLayer.DecisionTree.Reading;
using PolicyLayer.Grants;
using PolicyLayer.Keys;
using PolicyLayer.Telemetry;

namespace PolicyLayer;

/// <summary>Judges tool calls against a policy, or each grant's against its own. Safe for any number of threads.</summary>
/// <remarks>
/// A decision completes synchronously, and in the usual case without allocating, whenever the grants are in memory and the counter store
/// and the audit sinks do; where they don't, it waits for each as long as the options say. It disposes nothing that it was given.
/// </remarks>
public sealed class ToolCallAuthorizer : IToolCallAuthorizer
{
    private readonly PolicyDirectory _policies;
    private readonly DecisionPipeline _pipeline;
    private readonly Explaining _explaining;
    private readonly Observing _observing;
    private readonly Replacing _replacing;
    private readonly Reachability _reachability;
    private readonly bool _isObserved;
    private readonly string? _defaultGrantId;

    /// <summary>Makes an authorizer for a policy, with in-memory counters, the system's clock, and neither grants nor audit.</summary>
    /// <param name="policy">The policy.</param>
    public ToolCallAuthorizer(Policy policy)
        : this([policy], null)
    {
    }

    /// <summary>Makes an authorizer for a policy.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="options">What to work with; null for in-memory counters, the system's clock and no audit.</param>
    /// <exception cref="ArgumentException">
    /// An option is out of range; or an authorizer of this process has another policy of the same name on the same counter store.
    /// </exception>
    public ToolCallAuthorizer(Policy policy, ToolCallAuthorizerOptions? options)
        : this([policy], options)
    {
    }

    /// <summary>Makes an authorizer for the policies of several grants.</summary>
    /// <param name="policies">
    /// The policies, no two of one name. The first judges the calls of grants that name none. Of several,
    /// <see cref="ToolCallAuthorizerOptions.Grants"/> says which judges whose.
    /// </param>
    /// <param name="options">What to work with; null for in-memory counters, the system's clock and no audit.</param>
    /// <exception cref="ArgumentNullException">The list or a policy is null.</exception>
    /// <exception cref="ArgumentException">
    /// There is no policy, two have one name, or there are several and no grants; an option is out of range; or an authorizer of this
    /// process has another policy of one of the names on the same counter store: counters go by the policy's name, and two documents would
    /// share their quotas. Several processes or store objects on one storage aren't compared: they may well run an older and a newer
    /// version for a time.
    /// </exception>
    public ToolCallAuthorizer(IEnumerable<Policy> policies, ToolCallAuthorizerOptions? options)
    {
        var bundle = new PolicyBundle(policies);
        options ??= new ToolCallAuthorizerOptions();
        options.Validate();
        IReadOnlyList<Policy> all = bundle.Policies;
        var faults = new FaultReporter(options.FaultListener);
        var clock = new HostClock(options.TimeProvider, faults);
        _defaultGrantId = options.DefaultGrantId;
        _policies = options.Grants switch
        {
            null => new OnePolicy(all[0].Tree),
            GrantDirectory grants => new KnownGrants(grants, all, clock),
            { } grants => new AskedGrants(grants, options.GrantTimeout, all, clock, faults),
        };
        Replacing.Validate(bundle, _policies);
        ICounterStore counters = options.Counters ?? new InMemoryCounterStore();
        IApprovalStore approvals = options.Approvals ?? new InMemoryApprovalStore();
        var lookup = new ApprovalLookup(approvals, options.ApprovalTimeout, clock, faults);
        AuditDispatcher? sinks = options.AuditSinks.Count == 0
            ? null
            : new AuditDispatcher([.. options.AuditSinks], options.AuditTimeout, options.TimeProvider, faults);
        RecordingAnswers? answers = sinks is null ? null : new RecordingAnswers(lookup, sinks, options.MaxOpenCalls, clock, faults);
        Approvals = new ApprovalInbox(approvals, options.TimeProvider, answers is null ? null : answers.LookAtAsync);
        Notifying? notifying = options.ApprovalNotifier is { } notifier ? new Notifying(notifier, options.TimeProvider, faults) : null;
        var approving = new Approving(approvals, options.ApprovalTimeout, notifying, answers, clock, faults);
        Charging charging = counters is InMemoryCounterStore memory
            ? new MemoryCharging(memory, faults, sinks is not null)
            : new StoreCharging(counters, options.CounterTimeout, options.TimeProvider, faults, wantsUsed: sinks is not null);
        (_pipeline, _explaining) = CreatePipeline(options, charging, approving, lookup, sinks, clock, faults);
        _reachability = new Reachability(charging, lookup, sinks, clock);
        _isObserved = _pipeline.IsObserved;
        _observing = new Observing(all, options.TimeProvider);
        _replacing = new Replacing(bundle, _policies, counters, _observing, sinks, clock);
        Faults = faults;
        PolicyClaims.Claim(counters, all, replaced: []);
        LiveInstruments.Policies.Add(this, () => _observing.Policies);
    }

    /// <summary>
    /// Where people answer the requests of this authorizer's calls, and of all others' on the same store. An answer to the former is
    /// recorded before it is reported as taken, and stands though a sink can't take its record.
    /// </summary>
    public ApprovalInbox Approvals { get; }

    /// <summary>Tells the host of what breaks; for what reloads this authorizer too.</summary>
    internal FaultReporter Faults { get; }

    /// <summary>The policies in force now, in the order of their bundle: those of the start, or of the last reload.</summary>
    public IReadOnlyList<Policy> Policies => _replacing.Policies;

    /// <summary>
    /// Raised when a reload that changed something is in force, on the thread that reloads and before the reload is recorded. What a
    /// handler throws is told to <see cref="ToolCallAuthorizerOptions.FaultListener"/>.
    /// </summary>
    public event EventHandler<PolicyReloadedEventArgs>? Reloaded;

    /// <inheritdoc/>
    // In line: a call passed by value is copied word by word, which takes longer than most decisions.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ValueTask<ToolCallDecision> AuthorizeAsync(ToolCall call, CancellationToken cancellationToken = default) =>
        call.IsComplete && !Instruments.AreDecisionsWanted
            ? AuthorizeComplete(call, cancellationToken)
            : AuthorizeUnusual(call, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<ToolCallExplanation> ExplainAsync(ToolCall call, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ToolCall complete = call.IsComplete ? call : Complete(call);
        DecisionId id = DecisionId.Next();
        ResolvedPolicy policy = await ResolveAsync(complete, id, cancellationToken).ConfigureAwait(false);
        return await _explaining.ExplainAsync(complete, policy, id, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<ToolAvailability> DescribeAsync(
        string toolName, string? grantId = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(toolName);
        if (grantId is not null)
        {
            ArgumentException.ThrowIfNullOrEmpty(grantId);
        }

        string owner = OwnerOf(grantId);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<ToolAvailability>(cancellationToken);
        }

        DecisionId id = DecisionId.Next();
        return _policies.Find(toolName, owner, sessionId: null, id) is { IsFound: true } policy
            ? new ValueTask<ToolAvailability>(policy.Entry.Availability)
            : AwaitAvailabilityAsync(toolName, owner, id, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<bool> CompleteAsync(
        ToolCallDecision decision, ToolCallOutcome outcome, CancellationToken cancellationToken = default)
    {
        if (outcome is not (ToolCallOutcome.Succeeded or ToolCallOutcome.Failed or ToolCallOutcome.NotExecuted))
        {
            throw new ArgumentOutOfRangeException(nameof(outcome));
        }

        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<bool>(cancellationToken);
        }

        if (!decision.IsAllowed || !_pipeline.TryClose(decision))
        {
            return new ValueTask<bool>(false);
        }

        // Nobody can report the call a second time, so all of it must be done, whether or not the host waits.
        ValueTask closed = _pipeline.CloseAsync(decision, outcome);
        return closed.IsCompletedSuccessfully ? new ValueTask<bool>(true) : AwaitClosedAsync(closed, cancellationToken);
    }

    /// <summary>
    /// Puts other policies in the place of all those in force, and other grants where the bundle has some, by one write: each call is
    /// judged by what was in force when it began, to its end and to the report of its outcome.
    /// </summary>
    /// <remarks>
    /// Counters go on under the policy's name: limits whose window, algorithm, scope or <c>per</c> is another begin anew, and
    /// <see cref="PolicyChange.NewCounters"/> says which. Approvals are bound to a revision: those of another one are asked for again.
    /// Reloads follow one another; of two that are asked for at once, either may be told and recorded first. What changed is recorded, a
    /// record for each policy and one for the grants; the reload is in force before that and stays so whether or not a sink takes them, as
    /// it may take a right away.
    /// </remarks>
    /// <param name="bundle">
    /// The policies and grants. The grants are written to the <see cref="GrantDirectory"/> that is
    /// <see cref="ToolCallAuthorizerOptions.Grants"/>; null leaves them as they are.
    /// </param>
    /// <param name="cancellationToken">Stops waiting for the records: the reload is in force all the same.</param>
    /// <returns>What changed.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="bundle"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// Nothing is replaced, as there are several policies and no grants to choose among them; there are grants, and no directory for them,
    /// or two of one id or token; or another authorizer of this process has another policy of one of the names on the same counter store.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async ValueTask<PolicyReload> ReloadAsync(PolicyBundle bundle, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        cancellationToken.ThrowIfCancellationRequested();
        (PolicyReload reload, Task recorded) = PutInForce(bundle);
        await recorded.WaitAsync(cancellationToken).ConfigureAwait(false);
        return reload;
    }

    /// <summary>Reloads at once; that it is recorded may be waited for, and never throws.</summary>
    /// <exception cref="ArgumentException">The bundle doesn't fit: nothing is replaced.</exception>
    internal (PolicyReload Reload, Task Recorded) PutInForce(PolicyBundle bundle)
    {
        PolicyReload reload = _replacing.Replace(bundle);
        Instruments.CountReload(TelemetryNames.ReloadApplied);
        if (!reload.ChangedAnything)
        {
            return (reload, Task.CompletedTask);
        }

        Raise(reload);
        return (reload, _replacing.RecordAsync(reload));
    }

    /// <summary>Throws where there is no place for what a bundle has.</summary>
    /// <exception cref="ArgumentException">The bundle doesn't fit.</exception>
    internal void RequireFit(PolicyBundle bundle) => Replacing.Validate(bundle, _policies);

    /// <summary>
    /// Finds out which stores and sinks can't be reached, for health checks, and spends, makes and records nothing. A store is asked by a
    /// look, within its time and told of as for a call; of a sink it is said what became of its last write, as to ask would make a record.
    /// </summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>
    /// The places that can't be reached, by the names of the options: <c>Counters</c>, <c>Approvals</c>, <c>AuditSinks[0]</c>; empty when
    /// all is well. A sink that nothing was written to is well, and one behind a <see cref="BestEffortAuditSink"/> always.
    /// </returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public ValueTask<IReadOnlyList<string>> CheckAsync(CancellationToken cancellationToken = default) =>
        _reachability.CheckAsync(Policies[0].Name, cancellationToken);

    private static (DecisionPipeline Pipeline, Explaining Explaining) CreatePipeline(
        ToolCallAuthorizerOptions options,
        Charging charging,
        Approving approving,
        ApprovalLookup lookup,
        AuditDispatcher? sinks,
        HostClock clock,
        FaultReporter faults)
    {
        var values = new ValueDigest(options.Keys);
        var bindings = new BindingDigest(options.Keys);
        var reading = new ReadingOptions(options.MaxArgumentsBytes, options.MaxArgumentsDepth, options.MaxWork, values, bindings);
        var judging = new Judging(reading, clock, faults);
        var openCalls = new OpenCalls(options.MaxOpenCalls);
        var undoing = new Undoing(charging, approving);
        Recording? recording = sinks is null ? null : new Recording(sinks, undoing, openCalls, clock, options.Keys);
        var requests = new ApprovalRequests(options.MaxPendingApprovals, options.ApprovalPendingFor, options.ApprovalValidFor);
        var gate = new ApprovalGate(approving, lookup, requests, charging, clock);
        var step = new ApprovalStep(gate, approving, charging, clock);
        var continuations = new Continuations(options.MaxOpenCalls, options.ContinuableFor, clock);
        var continuing = new Continuing(continuations, openCalls, charging, gate, approving, clock, options.MaxContinuations);
        return (
            new DecisionPipeline(judging, charging, step, continuing, undoing, recording, openCalls, clock),
            new Explaining(judging, charging, gate, requests, clock, options.MaxWork));
    }

    private static async ValueTask<bool> AwaitClosedAsync(ValueTask closed, CancellationToken cancellationToken)
    {
        await Background.WaitAsync(closed, cancellationToken).ConfigureAwait(false);
        return true;
    }

    // Each way has a return of its own: what it answers is written once, to where the caller wants it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ValueTask<ToolCallDecision> AuthorizeComplete(in ToolCall call, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<ToolCallDecision>(cancellationToken);
        }

        DecisionId id = DecisionId.Next();
        ResolvedPolicy policy = _policies.Find(call.ToolName, call.GrantId!, call.SessionId, id);
        if (!policy.IsFound)
        {
            return AwaitPolicyAsync(call, id, cancellationToken);
        }

        if (call.SaysNothing && policy.Entry.IsUnconditional && !_isObserved)
        {
            return new ValueTask<ToolCallDecision>(new ToolCallDecision(policy.Entry, id, call.ToolName, call.GrantId!));
        }

        // A call that no reference leads to is kept in registers, and what it doesn't say isn't even looked at: the next step has a copy.
        ToolCall copy = call;
        return _pipeline.DecideAsync(copy, policy, id, cancellationToken);
    }

    // Out of line, and one for all that is unusual: a second call would have room in a frame that is cleared on every decision.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ValueTask<ToolCallDecision> AuthorizeUnusual(ToolCall call, CancellationToken cancellationToken)
    {
        // What the caller got wrong is thrown at once, whether or not anybody listens.
        ToolCall complete = call.IsComplete ? call : Complete(call);
        return Instruments.AreDecisionsWanted && !cancellationToken.IsCancellationRequested
            ? AuthorizeObservedAsync(complete, cancellationToken)
            : AuthorizeCompleted(complete, cancellationToken);
    }

    private ValueTask<ToolCallDecision> AuthorizeCompleted(in ToolCall complete, CancellationToken cancellationToken) =>
        complete.IsLinked ? AuthorizeLinkedAsync(complete, cancellationToken) : AuthorizeComplete(complete, cancellationToken);

    private async ValueTask<ToolCallDecision> AuthorizeObservedAsync(ToolCall call, CancellationToken cancellationToken)
    {
        ObservedDecision observed = _observing.Begin(call);
        try
        {
            ToolCallDecision decision = await AuthorizeCompleted(call, cancellationToken).ConfigureAwait(false);
            observed.End(decision);
            return decision;
        }
        catch (Exception e)
        {
            observed.Fail(e);
            throw;
        }
    }

    private async ValueTask<ToolCallDecision> AuthorizeLinkedAsync(ToolCall call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        DecisionId id = DecisionId.Next();
        ResolvedPolicy policy = await ResolveAsync(call, id, cancellationToken).ConfigureAwait(false);
        return await _pipeline.DecideLinkedAsync(call, policy, id, cancellationToken).ConfigureAwait(false);
    }

    private ValueTask<ResolvedPolicy> ResolveAsync(ToolCall call, DecisionId id, CancellationToken cancellationToken) =>
        _policies.Find(call.ToolName, call.GrantId!, call.SessionId, id) is { IsFound: true } policy
            ? new ValueTask<ResolvedPolicy>(policy)
            : _policies.ResolveAsync(call.ToolName, call.GrantId!, call.SessionId, id, cancellationToken);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private async ValueTask<ToolCallDecision> AwaitPolicyAsync(ToolCall call, DecisionId id, CancellationToken cancellationToken)
    {
        ResolvedPolicy policy = await ResolveAsync(call, id, cancellationToken).ConfigureAwait(false);
        return await _pipeline.DecideAsync(call, policy, id, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<ToolAvailability> AwaitAvailabilityAsync(
        string toolName, string owner, DecisionId id, CancellationToken cancellationToken)
    {
        ResolvedPolicy policy = await _policies.ResolveAsync(toolName, owner, sessionId: null, id, cancellationToken).ConfigureAwait(false);
        return policy.Entry.Availability;
    }

    private void Raise(PolicyReload reload)
    {
        foreach (Delegate handler in Reloaded?.GetInvocationList() ?? [])
        {
            try
            {
                ((EventHandler<PolicyReloadedEventArgs>)handler)(this, new PolicyReloadedEventArgs(reload));
            }
            catch (Exception e)
            {
                Faults.Tell(FaultKind.Reload, nameof(Reloaded), e, decisionId: "");
            }
        }
    }

    private ToolCall Complete(in ToolCall call)
    {
        if (call.ToolName is null)
        {
            throw new ArgumentException("The call names no tool.", nameof(call));
        }

        if (call.GrantAttributes is not null && _policies.HasGrants)
        {
            throw new InvalidOperationException(
                $"The call's grant is resolved and has attributes of its own. Help: leave `{nameof(ToolCall)}."
                + $"{nameof(ToolCall.GrantAttributes)}` out, and set `{nameof(Grant)}.{nameof(Grant.Attributes)}`.");
        }

        return call with { Owner = OwnerOf(call.GrantId) };
    }

    /// <summary>Whose a call is: where grants are resolved nobody's, if it doesn't say.</summary>
    private string OwnerOf(string? grantId) => grantId ?? (_policies.HasGrants ? "" : GetDefaultGrant());

    private string GetDefaultGrant() => _defaultGrantId ?? throw new InvalidOperationException(
        $"No grant is named. Help: set `{nameof(ToolCall)}.{nameof(ToolCall.GrantId)}`, or "
        + $"`{nameof(ToolCallAuthorizerOptions)}.{nameof(ToolCallAuthorizerOptions.DefaultGrantId)}` where all calls may share one.");
}
