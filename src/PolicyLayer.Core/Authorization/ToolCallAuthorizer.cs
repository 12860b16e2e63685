using System.Runtime.CompilerServices;
using PolicyLayer.Auditing;
using PolicyLayer.Authorization;
using PolicyLayer.Authorization.Decisions;
using PolicyLayer.Authorization.Pipeline;
using PolicyLayer.Counters;
using PolicyLayer.DecisionTree;
using PolicyLayer.DecisionTree.Reading;
using PolicyLayer.Telemetry;
using PolicyLayer.Text;

namespace PolicyLayer;

/// <summary>Judges tool calls against one policy. Safe for any number of threads.</summary>
/// <remarks>
/// A decision completes synchronously, and without allocating, whenever the counter store and the audit sinks do; where they don't, it
/// waits for each as long as the options say. The authorizer doesn't dispose the store and sinks that it was given.
/// </remarks>
public sealed class ToolCallAuthorizer : IToolCallAuthorizer
{
    private readonly PolicyTree _tree;
    private readonly CallBounds _bounds;
    private readonly HostClock _clock;
    private readonly FaultReporter _faults;
    private readonly Charging _charging;
    private readonly OpenCalls _openCalls;
    private readonly Recording? _recording;
    private readonly string? _defaultGrantId;

    /// <summary>Makes an authorizer for a policy.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="options">What to work with; null for in-memory counters, the system's clock and no audit.</param>
    /// <exception cref="ArgumentException">
    /// An option is out of range; or an authorizer of this process has another policy of the same name on the same counter store, which
    /// <see cref="ToolCallAuthorizerOptions.Replaces"/> doesn't name.
    /// </exception>
    public ToolCallAuthorizer(Policy policy, ToolCallAuthorizerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(policy);
        options ??= new ToolCallAuthorizerOptions();
        options.Validate();
        _tree = policy.Tree;
        _bounds = new CallBounds(options.MaxArgumentsBytes, options.MaxArgumentsDepth, options.MaxWork);
        _defaultGrantId = options.DefaultGrantId;
        _faults = new FaultReporter(options.FaultListener);
        _clock = new HostClock(options.TimeProvider, _faults);
        ICounterStore counters = options.Counters ?? new InMemoryCounterStore();
        _charging = new Charging(counters, options.CounterTimeout, _clock, _faults);
        _openCalls = new OpenCalls(options.MaxOpenCalls);
        if (options.AuditSinks.Count > 0)
        {
            var sinks = new AuditDispatcher([.. options.AuditSinks], options.AuditTimeout, options.TimeProvider, _faults);
            _recording = new Recording(sinks, _charging, _openCalls, _tree.Verdicts, _clock);
        }

        PolicyClaims.Claim(counters, policy, options.Replaces);
    }

    /// <inheritdoc/>
    public ValueTask<ToolCallDecision> AuthorizeAsync(ToolCall call, CancellationToken cancellationToken = default)
    {
        if (!call.IsComplete)
        {
            return AuthorizeCompletedAsync(call, cancellationToken);
        }

        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<ToolCallDecision>(cancellationToken);
        }

        ToolEntry entry = call.HasWellFormedIds ? _tree.Find(call.ToolName) : _tree.Malformed;
        return call.SaysNothing && entry.IsUnconditional && _recording is null
            ? new ValueTask<ToolCallDecision>(
                new ToolCallDecision(entry.Verdict, DecisionId.Next(), call.ToolName, call.GrantId!))
            : JudgeAsync(call, entry, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<ToolAvailability> DescribeAsync(
        string toolName, string? grantId = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(toolName);
        string grant = GrantOf(grantId);
        ArgumentException.ThrowIfNullOrEmpty(grant, nameof(grantId));
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<ToolAvailability>(cancellationToken);
        }

        ToolEntry entry = Utf16.IsWellFormed(grant) ? _tree.Find(toolName) : _tree.Malformed;
        return new ValueTask<ToolAvailability>(entry.Availability);
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

        if (!decision.IsAllowed || !_openCalls.TryClose(decision.Id))
        {
            return new ValueTask<bool>(false);
        }

        // Nobody can report the call a second time, so all of it must be done, whether or not the host waits.
        ValueTask closed = CloseAsync(decision, outcome);
        return closed.IsCompletedSuccessfully
            ? new ValueTask<bool>(true)
            : AwaitClosedAsync(closed, cancellationToken);
    }

    private static async ValueTask<bool> AwaitClosedAsync(ValueTask closed, CancellationToken cancellationToken)
    {
        await Background.WaitAsync(closed, cancellationToken).ConfigureAwait(false);
        return true;
    }

    private ValueTask CloseAsync(in ToolCallDecision decision, ToolCallOutcome outcome)
    {
        ValueTask released = outcome == ToolCallOutcome.NotExecuted ? _charging.ReleaseAsync(decision) : default;
        ValueTask recorded = _recording is null ? default : _recording.ReportAsync(decision, outcome);
        return released.IsCompletedSuccessfully ? recorded : AwaitBothAsync(released, recorded);
    }

    private static async ValueTask AwaitBothAsync(ValueTask released, ValueTask recorded)
    {
        await released.ConfigureAwait(false);
        await recorded.ConfigureAwait(false);
    }

    // Out of line: the second call would have room in a frame that is cleared on every decision.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ValueTask<ToolCallDecision> AuthorizeCompletedAsync(in ToolCall call, CancellationToken cancellationToken) =>
        AuthorizeAsync(Complete(call), cancellationToken);

    private ToolCall Complete(in ToolCall call)
    {
        if (call.ToolName is null)
        {
            throw new ArgumentException("The call names no tool.", nameof(call));
        }

        if (call.Continues is not null)
        {
            throw new NotSupportedException($"`{nameof(ToolCall)}.{nameof(ToolCall.Continues)}` is not supported yet.");
        }

        if (call.MayContinue)
        {
            throw new NotSupportedException($"`{nameof(ToolCall)}.{nameof(ToolCall.MayContinue)}` is not supported yet.");
        }

        return call with { GrantId = GrantOf(call.GrantId) };
    }

    private string GrantOf(string? grantId) => grantId ?? _defaultGrantId ?? throw new InvalidOperationException(
        $"No grant is named. Help: set `{nameof(ToolCall)}.{nameof(ToolCall.GrantId)}`, or "
        + $"`{nameof(ToolCallAuthorizerOptions)}.{nameof(ToolCallAuthorizerOptions.DefaultGrantId)}` where all calls may share one.");

    // What the usual case doesn't need is kept out of its methods: a frame is cleared on every call, and grows with what is inlined.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ValueTask<ToolCallDecision> JudgeAsync(in ToolCall call, ToolEntry entry, CancellationToken cancellationToken)
    {
        DecisionId id = DecisionId.Next();
        if (_recording is not null)
        {
            return JudgeRecordedAsync(call, entry, id, cancellationToken);
        }

        Evaluation evaluation = Evaluate(call, entry, id, report: null);
        if (evaluation.Verdict.Limits is null)
        {
            return new ValueTask<ToolCallDecision>(new ToolCallDecision(evaluation.Verdict, id, call.ToolName, call.GrantId!));
        }

        if (!_charging.TryChargeInMemory(call, evaluation, id, out long now, out long stamp))
        {
            return ChargeAnyAsync(call, evaluation, id, now, cancellationToken);
        }

        object? rest = stamp == now ? call.SessionId : new OpenCall(call.SessionId, null, stamp, null, HostClock.NoTime);
        return new ValueTask<ToolCallDecision>(
            new ToolCallDecision(evaluation.Verdict, _openCalls.Open(id), call.ToolName, call.GrantId!, now, rest));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ValueTask<ToolCallDecision> JudgeRecordedAsync(
        in ToolCall call, ToolEntry entry, DecisionId id, CancellationToken cancellationToken)
    {
        long started = _clock.ReadTimestamp(id);
        var report = new CallReport();
        Evaluation evaluation = Evaluate(call, entry, id, report);
        bool isCounted = evaluation.Verdict.Limits is not null;
        var judged = new CallInFlight(call, evaluation, id, isCounted ? _clock.ReadUnixMilliseconds(id) : 0)
        {
            Started = started,
            Report = report,
        };
        return isCounted
            ? ChargeAsync(judged, cancellationToken)
            : _recording!.RecordAsync(judged, judged.Decide(_clock.ReadTimestamp(id)), [], cancellationToken);
    }

    private Evaluation Evaluate(in ToolCall call, ToolEntry entry, DecisionId id, CallReport? report) =>
        call.SaysNothing && !entry.ReadsCalls ? new Evaluation(entry.Verdict, entry) : EvaluateCall(call, entry, id, report);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Evaluation EvaluateCall(in ToolCall call, ToolEntry entry, DecisionId id, CallReport? report)
    {
        try
        {
            return _tree.Evaluate(call, _bounds, entry, report);
        }
        catch (Exception e)
        {
            // A host's dictionary, a disposed document or a bug of ours: what can't be judged is denied.
            _faults.Tell(FaultKind.Judging, nameof(ToolCall), e, id.ToString());
            return new Evaluation(_tree.Verdicts.Get(DecisionCode.InternalError));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ValueTask<ToolCallDecision> ChargeAnyAsync(
        in ToolCall call, in Evaluation evaluation, DecisionId id, long now, CancellationToken cancellationToken) =>
        ChargeAsync(new CallInFlight(call, evaluation, id, now), cancellationToken);

    private ValueTask<ToolCallDecision> ChargeAsync(in CallInFlight call, CancellationToken cancellationToken)
    {
        ValueTask<CounterReservation> answer = _charging.ReserveAsync(call, cancellationToken);
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

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ValueTask<ToolCallDecision> SettleAsync(
        in CallInFlight call, in CounterReservation reservation, CancellationToken cancellationToken)
    {
        if (_recording is not null)
        {
            return RecordCountedAsync(call, reservation, cancellationToken);
        }

        ToolCallDecision decision = call.Decide(reservation, HostClock.NoTime);
        if (decision.IsAllowed)
        {
            decision = decision.With(_openCalls.Open(decision.Id));
        }

        return new ValueTask<ToolCallDecision>(decision);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ValueTask<ToolCallDecision> RecordCountedAsync(
        in CallInFlight call, in CounterReservation reservation, CancellationToken cancellationToken)
    {
        AuditCounter[] counters = AuditRecords.CountersOf(call.Request, reservation);
        return _recording!.RecordAsync(call, call.Decide(reservation, _clock.ReadTimestamp(call.Id)), counters, cancellationToken);
    }
}
