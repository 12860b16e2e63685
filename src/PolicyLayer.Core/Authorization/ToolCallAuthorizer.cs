using PolicyLayer.Auditing;
using PolicyLayer.Counters;
using PolicyLayer.DecisionTree;

namespace PolicyLayer;

/// <summary>Judges tool calls against one policy. Safe for any number of threads.</summary>
/// <remarks>
/// A decision completes synchronously, and without allocating, whenever the counter store and the audit sinks do. The authorizer doesn't
/// dispose the store and sinks that it was given.
/// </remarks>
public sealed class ToolCallAuthorizer : IToolCallAuthorizer
{
    private readonly PolicyTree _tree;
    private readonly ICounterStore _counters;
    private readonly AuditDispatcher? _audit;
    private readonly TimeProvider _time;
    private readonly OpenCallTable _openCalls;
    private readonly CallBounds _bounds;

    /// <summary>Makes an authorizer for a policy.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="options">What to work with; null for in-memory counters, the system's clock and no audit.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public ToolCallAuthorizer(Policy policy, ToolCallAuthorizerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(policy);
        options ??= new ToolCallAuthorizerOptions();
        options.Validate();
        _tree = policy.Tree;
        _counters = options.Counters ?? new InMemoryCounterStore();
        _audit = options.AuditSinks.Count == 0 ? null : new AuditDispatcher([.. options.AuditSinks]);
        _time = options.TimeProvider;
        _openCalls = new OpenCallTable(options.MaxOpenCalls);
        _bounds = new CallBounds(options.MaxArgumentsBytes, options.MaxArgumentsDepth);
    }

    /// <inheritdoc/>
    public ValueTask<ToolCallDecision> AuthorizeAsync(ToolCall call, CancellationToken cancellationToken = default)
    {
        if (call.ToolName is null)
        {
            throw new ArgumentException("The call names no tool.", nameof(call));
        }

        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<ToolCallDecision>(cancellationToken);
        }

        long started = _audit is null ? 0 : _time.GetTimestamp();
        Evaluation evaluation = Evaluate(call);
        if (evaluation.Limits is not null)
        {
            return ReserveAsync(call, evaluation, started, cancellationToken);
        }

        var decision = new ToolCallDecision(evaluation.Verdict, PolicyLayer.DecisionId.Next(), call);
        return _audit is null ? new ValueTask<ToolCallDecision>(decision) : RecordAsync(call, decision, default, [], started, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask CompleteAsync(
        ToolCallDecision decision, ToolCallOutcome outcome, CancellationToken cancellationToken = default)
    {
        if (outcome is not (ToolCallOutcome.Succeeded or ToolCallOutcome.Failed or ToolCallOutcome.NotExecuted))
        {
            throw new ArgumentOutOfRangeException(nameof(outcome));
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (!decision.IsAllowed || !_openCalls.TryTake(decision.Id, out OpenCall call))
        {
            return;
        }

        try
        {
            if (outcome == ToolCallOutcome.NotExecuted)
            {
                await ReleaseAsync(call).ConfigureAwait(false);
            }
        }
        finally
        {
            if (_audit is not null)
            {
                await _audit.WriteAsync(AuditRecords.Report(decision, call, outcome, _time.GetUtcNow()), cancellationToken)
                    .ConfigureAwait(false);
            }
        }
    }

    private Evaluation Evaluate(in ToolCall call)
    {
        try
        {
            return _tree.Evaluate(call, _bounds);
        }
        catch (Exception)
        {
            // A host's dictionary, a disposed document or a bug of ours: what can't be judged is denied.
            return new Evaluation(_tree.Verdicts.Get(DecisionCode.InternalError));
        }
    }

    private ValueTask<ToolCallDecision> ReserveAsync(in ToolCall call, in Evaluation evaluation, long started, CancellationToken cancellationToken)
    {
        CounterRequest request = default;
        CounterReservation reservation;
        try
        {
            request = evaluation.Limits!.Request(call, evaluation.Amounts, _time.GetUtcNow().ToUnixTimeMilliseconds());
            ValueTask<CounterReservation> pending = _counters.ReserveAsync(request, cancellationToken);
            if (!pending.IsCompleted)
            {
                return AwaitReservationAsync(call, evaluation, request, pending.AsTask(), started, cancellationToken);
            }

            reservation = pending.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<ToolCallDecision>(cancellationToken);
        }
        catch (Exception)
        {
            // A default reservation stands for a store that gave no answer.
            reservation = default;
        }

        return Settle(call, evaluation, request, reservation, started, cancellationToken);
    }

    private async ValueTask<ToolCallDecision> AwaitReservationAsync(
        ToolCall call,
        Evaluation evaluation,
        CounterRequest request,
        Task<CounterReservation> pending,
        long started,
        CancellationToken cancellationToken)
    {
        CounterReservation reservation;
        try
        {
            reservation = await pending.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The store may still admit the call that nobody waits for any more.
            _ = ReleaseLateAsync(request, pending);
            throw;
        }
        catch (Exception)
        {
            reservation = default;
        }

        return await Settle(call, evaluation, request, reservation, started, cancellationToken).ConfigureAwait(false);
    }

    private ValueTask<ToolCallDecision> Settle(
        in ToolCall call,
        in Evaluation evaluation,
        in CounterRequest request,
        in CounterReservation reservation,
        long started,
        CancellationToken cancellationToken)
    {
        DecisionId id = PolicyLayer.DecisionId.Next();
        long retryAfter = 0;
        Verdict verdict = reservation.Status switch
        {
            CounterReservationStatus.Admitted => evaluation.Verdict,
            CounterReservationStatus.Refused => evaluation.Limits!.Exceeded(request, reservation, out retryAfter),
            CounterReservationStatus.AtCapacity => evaluation.Limits!.DeniedByCounter(DecisionCode.CounterCapacity, (int)reservation.Stamp),
            _ => evaluation.Limits!.DeniedByCounter(DecisionCode.CounterStoreUnavailable, 0),
        };
        var decision = new ToolCallDecision(verdict, id, call, retryAfter);
        if (_audit is null && !decision.IsAllowed)
        {
            return new ValueTask<ToolCallDecision>(decision);
        }

        var open = new OpenCall { Request = request, Stamp = reservation.Stamp, State = reservation.State };
        if (_audit is not null)
        {
            return RecordAsync(call, decision, open, AuditRecords.CountersOf(request, reservation), started, cancellationToken);
        }

        _openCalls.Add(id, open);
        return new ValueTask<ToolCallDecision>(decision);
    }

    /// <summary>Has the decision recorded. An allow that can't be recorded is no allow, and its quota goes back.</summary>
    private async ValueTask<ToolCallDecision> RecordAsync(
        ToolCall call, ToolCallDecision decision, OpenCall open, AuditCounter[] counters, long started, CancellationToken cancellationToken)
    {
        bool isAllowed = decision.IsAllowed;
        ToolCallDecision denied = isAllowed
            ? new ToolCallDecision(_tree.Verdicts.Get(DecisionCode.AuditUnavailable, decision.Risk), decision.Id, call)
            : decision;
        try
        {
            DateTimeOffset now = _time.GetUtcNow();
            if (open.Request.Count == 0)
            {
                open.Request = new CounterRequest(now.ToUnixTimeMilliseconds(), call.GrantId, call.SessionId, [], null);
            }

            AuditRecord record = AuditRecords.Decide(
                decision, call.SessionId, AuditedArguments.Of(call, _bounds), counters, now, _time.GetElapsedTime(started));
            if (isAllowed)
            {
                await _audit!.WriteAllowAsync(record, AuditRecords.Correct(record, denied), cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await _audit!.WriteAsync(record, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            if (isAllowed)
            {
                await ReleaseAsync(open).ConfigureAwait(false);
            }

            if (e is OperationCanceledException && cancellationToken.IsCancellationRequested)
            {
                throw;
            }

            return denied;
        }

        if (isAllowed)
        {
            _openCalls.Add(decision.Id, open);
        }

        return decision;
    }

    private async Task ReleaseLateAsync(CounterRequest request, Task<CounterReservation> pending)
    {
        try
        {
            CounterReservation reservation = await pending.ConfigureAwait(false);
            if (reservation.Status == CounterReservationStatus.Admitted)
            {
                await ReleaseAsync(new OpenCall { Request = request, Stamp = reservation.Stamp, State = reservation.State })
                    .ConfigureAwait(false);
            }
        }
        catch (Exception)
        {
            // The store admitted nothing.
        }
    }

    /// <summary>Gives quota back as far as the store can: a release that fails leaves a charge, which harms nobody but the grant.</summary>
    private async ValueTask ReleaseAsync(OpenCall call)
    {
        if (call.Request.Count == 0)
        {
            return;
        }

        try
        {
            await _counters.ReleaseAsync(new CounterRelease(call.Request, call.Reservation), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // Said above.
        }
    }
}
