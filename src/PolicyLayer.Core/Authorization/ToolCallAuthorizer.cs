using System.Runtime.CompilerServices;
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
    /// <summary>What a clock that fails reads.</summary>
    private const long NoTime = long.MinValue;

    private readonly PolicyTree _tree;
    private readonly ICounterStore _counters;
    private readonly AuditDispatcher? _audit;
    private readonly InMemoryCounterStore? _memory;
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
        _memory = _audit is null ? _counters as InMemoryCounterStore : null;
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

        ToolEntry entry = _tree.Find(call.ToolName);
        return call.SaysNothing && entry.IsUnconditional && _audit is null
            ? new ValueTask<ToolCallDecision>(new ToolCallDecision(entry.Verdict, PolicyLayer.DecisionId.Next(), call))
            : JudgeAsync(call, entry, cancellationToken);
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
        if (!decision.IsAllowed || !_openCalls.TryTake(decision.Id))
        {
            return;
        }

        try
        {
            if (outcome == ToolCallOutcome.NotExecuted)
            {
                await ReleaseAsync(decision).ConfigureAwait(false);
            }
        }
        finally
        {
            if (_audit is not null)
            {
                TimeSpan duration = _time.GetElapsedTime(decision.OpenCall!.Started);
                await _audit.WriteAsync(AuditRecords.Report(decision, outcome, _time.GetUtcNow(), duration), cancellationToken)
                    .ConfigureAwait(false);
            }
        }
    }

    // What the usual case doesn't need is kept out of its methods: a frame is cleared on every call, and grows with what is inlined.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ValueTask<ToolCallDecision> JudgeAsync(in ToolCall call, ToolEntry entry, CancellationToken cancellationToken)
    {
        long started = _audit is null ? 0 : ReadTimestamp();
        Evaluation evaluation = call.SaysNothing && !entry.ReadsCalls ? new Evaluation(entry.Verdict, entry) : Evaluate(call, entry);
        object? rest = null;
        long now = 0;
        if (evaluation.Verdict.Limits is not null)
        {
            if (!TryReserveInMemory(call, evaluation, out now, out long stamp))
            {
                return ReserveAsync(call, evaluation, now, started, cancellationToken);
            }

            rest = stamp == now ? call.SessionId : new OpenCall(call.SessionId, null, stamp, null);
        }

        if (_audit is not null)
        {
            return RecordUnlimitedAsync(call, evaluation, started, cancellationToken);
        }

        var decision = new ToolCallDecision(evaluation.Verdict, PolicyLayer.DecisionId.Next(), call, now, rest);
        if (evaluation.Verdict.Limits is not null)
        {
            _openCalls.Add(decision.Id);
        }

        return new ValueTask<ToolCallDecision>(decision);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ValueTask<ToolCallDecision> RecordUnlimitedAsync(
        in ToolCall call, in Evaluation evaluation, long started, CancellationToken cancellationToken) =>
        RecordAsync(call, Decide(call, evaluation, 0, default), [], started, cancellationToken);

    private Evaluation Evaluate(in ToolCall call, ToolEntry entry)
    {
        try
        {
            return _tree.Evaluate(call, _bounds, entry);
        }
        catch (Exception)
        {
            // A host's dictionary, a disposed document or a bug of ours: what can't be judged is denied.
            return new Evaluation(_tree.Verdicts.Get(DecisionCode.InternalError));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ValueTask<ToolCallDecision> ReserveAsync(
        in ToolCall call, in Evaluation evaluation, long unixMilliseconds, long started, CancellationToken cancellationToken)
    {
        CounterRequest request = Request(call, evaluation, unixMilliseconds);
        Task<CounterReservation>? pending = null;
        CounterReservation reservation = AskStore(request, cancellationToken, ref pending);
        return pending is null
            ? Settle(call, evaluation, unixMilliseconds, reservation, started, cancellationToken)
            : AwaitReservationAsync(call, evaluation, unixMilliseconds, pending, started, cancellationToken);
    }

    /// <summary>Reads the clock and, where that is all a call needs, charges counters in memory: without values that the interface needs.</summary>
    private bool TryReserveInMemory(in ToolCall call, in Evaluation evaluation, out long now, out long stamp)
    {
        now = NoTime;
        stamp = 0;
        try
        {
            now = _time.GetUtcNow().ToUnixTimeMilliseconds();
            return _memory is not null
                && evaluation.Amounts is null
                && _memory.TryReserveWarm(evaluation.Verdict.Limits!.Counters, call.GrantId, call.SessionId, now, out stamp);
        }
        catch (Exception)
        {
            // A clock that fails: the call goes on without a time, and is denied.
            return false;
        }
    }

    private long ReadTimestamp()
    {
        try
        {
            return _time.GetTimestamp();
        }
        catch (Exception)
        {
            return 0;
        }
    }

    /// <summary>A default reservation stands for a store that gave no answer; or none yet, then there is a task.</summary>
    private CounterReservation AskStore(in CounterRequest request, CancellationToken cancellationToken, ref Task<CounterReservation>? pending)
    {
        try
        {
            ValueTask<CounterReservation> answer = request.UnixMilliseconds == NoTime ? default : _counters.ReserveAsync(request, cancellationToken);
            if (answer.IsCompleted)
            {
                return answer.GetAwaiter().GetResult();
            }

            pending = answer.AsTask();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            pending = Task.FromCanceled<CounterReservation>(cancellationToken);
        }
        catch (Exception)
        {
            // No answer.
        }

        return default;
    }

    private static CounterRequest Request(in ToolCall call, in Evaluation evaluation, long unixMilliseconds) =>
        evaluation.Verdict.Limits!.Request(unixMilliseconds, call.GrantId, call.SessionId, evaluation.Amounts);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ValueTask<ToolCallDecision> Settle(
        in ToolCall call,
        in Evaluation evaluation,
        long unixMilliseconds,
        in CounterReservation reservation,
        long started,
        CancellationToken cancellationToken)
    {
        ToolCallDecision decision = reservation.Status == CounterReservationStatus.Admitted
            ? Decide(call, evaluation, unixMilliseconds, reservation)
            : Refuse(call, evaluation, unixMilliseconds, reservation);
        if (_audit is not null)
        {
            AuditCounter[] counters = AuditRecords.CountersOf(Request(call, evaluation, unixMilliseconds), reservation);
            return RecordAsync(call, decision, counters, started, cancellationToken);
        }

        if (decision.IsAllowed)
        {
            _openCalls.Add(decision.Id);
        }

        return new ValueTask<ToolCallDecision>(decision);
    }

    private async ValueTask<ToolCallDecision> AwaitReservationAsync(
        ToolCall call,
        Evaluation evaluation,
        long unixMilliseconds,
        Task<CounterReservation> pending,
        long started,
        CancellationToken cancellationToken)
    {
        CounterReservation reservation = default;
        try
        {
            reservation = await pending.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The store may still admit the call that nobody waits for any more.
            _ = ReleaseLateAsync(Request(call, evaluation, unixMilliseconds), pending);
            throw;
        }
        catch (Exception)
        {
            // The store gave no answer.
        }

        return await Settle(call, evaluation, unixMilliseconds, reservation, started, cancellationToken).ConfigureAwait(false);
    }

    private ToolCallDecision Decide(in ToolCall call, in Evaluation evaluation, long unixMilliseconds, in CounterReservation reservation)
    {
        // Mostly the decision itself holds all that a report or a release needs.
        bool isAllInDecision = _audit is null
            && evaluation.Amounts is null
            && reservation.Stamp == unixMilliseconds
            && reservation.State is null;
        object? rest = isAllInDecision
            ? call.SessionId
            : new OpenCall(call.SessionId, evaluation.Amounts, reservation.Stamp, reservation.State);
        return new ToolCallDecision(evaluation.Verdict, PolicyLayer.DecisionId.Next(), call, unixMilliseconds, rest);
    }

    private static ToolCallDecision Refuse(
        in ToolCall call, in Evaluation evaluation, long unixMilliseconds, in CounterReservation reservation)
    {
        LimitPlan limits = evaluation.Verdict.Limits!;
        long retryAfter = 0;
        Verdict verdict = reservation.Status switch
        {
            CounterReservationStatus.Refused => limits.Exceeded(
                evaluation.Entry!, Request(call, evaluation, unixMilliseconds), reservation, out retryAfter),
            CounterReservationStatus.AtCapacity => limits.DeniedByCounter(
                evaluation.Entry!, DecisionCode.CounterCapacity, reservation.CapacityIndex),
            _ => limits.DeniedByCounter(evaluation.Entry!, DecisionCode.CounterStoreUnavailable, 0),
        };
        return new ToolCallDecision(verdict, PolicyLayer.DecisionId.Next(), call, retryAfter);
    }

    /// <summary>Has the decision recorded. An allow that can't be recorded is no allow, and its quota goes back.</summary>
    private async ValueTask<ToolCallDecision> RecordAsync(
        ToolCall call, ToolCallDecision decision, AuditCounter[] counters, long started, CancellationToken cancellationToken)
    {
        bool isAllowed = decision.IsAllowed;
        ToolCallDecision denied = isAllowed
            ? new ToolCallDecision(_tree.Verdicts.Get(DecisionCode.AuditUnavailable, decision.Risk), decision.Id, call)
            : decision;
        try
        {
            DateTimeOffset now = _time.GetUtcNow();
            if (isAllowed)
            {
                decision.OpenCall!.Started = _time.GetTimestamp();
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
                await ReleaseAsync(decision).ConfigureAwait(false);
            }

            if (e is OperationCanceledException && cancellationToken.IsCancellationRequested)
            {
                throw;
            }

            return denied;
        }

        if (isAllowed)
        {
            _openCalls.Add(decision.Id);
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
                await _counters.ReleaseAsync(new CounterRelease(request, reservation), CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (Exception)
        {
            // The store admitted nothing, or keeps a charge that harms nobody but the grant.
        }
    }

    /// <summary>Gives quota back as far as the store can: a release that fails leaves a charge, which harms nobody but the grant.</summary>
    private async ValueTask ReleaseAsync(ToolCallDecision decision)
    {
        if (decision.Verdict.Limits is null)
        {
            return;
        }

        try
        {
            await _counters.ReleaseAsync(decision.Reserved, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // Said above.
        }
    }
}
