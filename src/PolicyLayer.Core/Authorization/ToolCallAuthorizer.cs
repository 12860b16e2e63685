using System.Runtime.CompilerServices;
using PolicyLayer.Auditing;
using PolicyLayer.Authorization;
using PolicyLayer.Authorization.Decisions;
using PolicyLayer.Authorization.Pipeline;
using PolicyLayer.Counters;
using PolicyLayer.DecisionTree.Reading;
using PolicyLayer.Keys;
using PolicyLayer.Telemetry;

namespace PolicyLayer;

/// <summary>Judges tool calls against one policy. Safe for any number of threads.</summary>
/// <remarks>
/// A decision completes synchronously, and without allocating, whenever the counter store and the audit sinks do; where they don't, it
/// waits for each as long as the options say. The authorizer doesn't dispose the store and sinks that it was given.
/// </remarks>
public sealed class ToolCallAuthorizer : IToolCallAuthorizer
{
    private readonly PolicyDirectory _policies;
    private readonly DecisionPipeline _pipeline;
    private readonly OpenCalls _openCalls;
    private readonly bool _isObserved;
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
        _defaultGrantId = options.DefaultGrantId;
        _policies = new PolicyDirectory(policy);
        _openCalls = new OpenCalls(options.MaxOpenCalls);
        ICounterStore counters = options.Counters ?? new InMemoryCounterStore();
        _pipeline = CreatePipeline(options, counters, _openCalls);
        _isObserved = _pipeline.IsObserved;
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

        ResolvedPolicy policy = _policies.Resolve(call.ToolName, call.GrantId!, call.SessionId);
        return call.SaysNothing && policy.Entry.IsUnconditional && !_isObserved
            ? new ValueTask<ToolCallDecision>(
                new ToolCallDecision(policy.Entry, DecisionId.Next(), call.ToolName, call.GrantId!))
            : _pipeline.DecideAsync(call, policy, cancellationToken);
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

        return new ValueTask<ToolAvailability>(_policies.Resolve(toolName, grant, sessionId: null).Entry.Availability);
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
        ValueTask closed = _pipeline.CloseAsync(decision, outcome);
        return closed.IsCompletedSuccessfully
            ? new ValueTask<bool>(true)
            : AwaitClosedAsync(closed, cancellationToken);
    }

    private static DecisionPipeline CreatePipeline(ToolCallAuthorizerOptions options, ICounterStore counters, OpenCalls openCalls)
    {
        var faults = new FaultReporter(options.FaultListener);
        var clock = new HostClock(options.TimeProvider, faults);
        var reading = new ReadingOptions(
            options.MaxArgumentsBytes,
            options.MaxArgumentsDepth,
            options.MaxWork,
            new ValueDigest(options.Keys),
            new BindingDigest(options.Keys));
        var judging = new Judging(reading, clock, faults);
        Charging charging = counters is InMemoryCounterStore memory
            ? new MemoryCharging(memory, faults)
            : new StoreCharging(counters, options.CounterTimeout, options.TimeProvider, faults);
        Recording? recording = null;
        if (options.AuditSinks.Count > 0)
        {
            var sinks = new AuditDispatcher([.. options.AuditSinks], options.AuditTimeout, options.TimeProvider, faults);
            recording = new Recording(sinks, charging, openCalls, clock);
        }

        return new DecisionPipeline(judging, charging, recording, openCalls, clock);
    }

    private static async ValueTask<bool> AwaitClosedAsync(ValueTask closed, CancellationToken cancellationToken)
    {
        await Background.WaitAsync(closed, cancellationToken).ConfigureAwait(false);
        return true;
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
}
