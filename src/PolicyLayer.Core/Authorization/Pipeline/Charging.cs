using System.Runtime.CompilerServices;
using PolicyLayer.Authorization.Decisions;
using PolicyLayer.Counters;
using PolicyLayer.DecisionTree;
using PolicyLayer.Telemetry;

namespace PolicyLayer.Authorization.Pipeline;

/// <summary>
/// Spends quota and gives it back, whatever the store does: it answers within its time, or it gave no answer. A default reservation stands
/// for none, and denies.
/// </summary>
internal sealed class Charging(ICounterStore store, TimeSpan timeout, HostClock clock, FaultReporter faults)
{
    /// <summary>What the options call the store.</summary>
    private const string Place = "Counters";

    private readonly InMemoryCounterStore? _memory = store as InMemoryCounterStore;
    private readonly TimeProvider _time = clock.Provider;

    /// <summary>
    /// Reads the clock and, where that is all a call needs, charges counters in memory: without values that the interface needs. False with
    /// a time when the store must be asked the long way, without one when the call can't be counted.
    /// </summary>
    public bool TryChargeInMemory(in ToolCall call, in Evaluation evaluation, DecisionId id, out long now, out long stamp)
    {
        now = HostClock.NoTime;
        stamp = 0;
        try
        {
            now = _time.GetUtcNow().ToUnixTimeMilliseconds();
            return _memory is not null
                && evaluation.Amounts is null
                && _memory.TryReserveWarm(evaluation.Verdict.Limits!.Counters, call.GrantId!, call.SessionId, now, out stamp);
        }
        catch (Exception e)
        {
            bool hasNoTime = now == HostClock.NoTime;
            faults.Tell(hasNoTime ? FaultKind.Clock : FaultKind.CounterReserve, hasNoTime ? HostClock.Place : Place, e, id.ToString());
            now = HostClock.NoTime;
            return false;
        }
    }

    /// <summary>Asks the store, and completes at once when it does.</summary>
    /// <exception cref="OperationCanceledException">The host gave up; what the store admits all the same goes back.</exception>
    public ValueTask<CounterReservation> ReserveAsync(in CallInFlight call, CancellationToken cancellationToken)
    {
        if (call.UnixMilliseconds == HostClock.NoTime)
        {
            return default;
        }

        CounterRequest request = call.Request;
        try
        {
            // What is complete is read here: an answer that breaks when it is read is one that broke.
            ValueTask<CounterReservation> answer = store.ReserveAsync(request, cancellationToken);
            return answer.IsCompleted
                ? new ValueTask<CounterReservation>(answer.GetAwaiter().GetResult())
                : AwaitAsync(request, answer.AsTask(), call.Id, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<CounterReservation>(cancellationToken);
        }
        catch (Exception e)
        {
            faults.Tell(FaultKind.CounterReserve, Place, e, call.Id.ToString());
            return default;
        }
    }

    /// <summary>
    /// Gives back what an allow reserved, as far as the store can: a charge that stays harms nobody but the grant. It never throws.
    /// </summary>
    public ValueTask ReleaseAsync(in ToolCallDecision decision) =>
        decision.Verdict.Limits is null ? ValueTask.CompletedTask : ReleaseAsync(decision.Reserved, decision.Id);

    // A frame is cleared on every call, and would grow with what is inlined.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private async ValueTask<CounterReservation> AwaitAsync(
        CounterRequest request, Task<CounterReservation> pending, DecisionId id, CancellationToken cancellationToken)
    {
        try
        {
            return await pending.WaitAsync(timeout, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            bool isGivenUp = e is OperationCanceledException && cancellationToken.IsCancellationRequested;
            if (!isGivenUp)
            {
                faults.Tell(FaultKind.CounterReserve, Place, e, id.ToString());
            }

            if (!pending.IsFaulted && !pending.IsCanceled)
            {
                // The store may still admit the call that nobody waits for any more.
                _ = ReleaseLateAsync(request, pending, id);
            }

            if (isGivenUp)
            {
                throw;
            }

            return default;
        }
    }

    private async Task ReleaseLateAsync(CounterRequest request, Task<CounterReservation> pending, DecisionId id)
    {
        CounterReservation reservation = default;
        try
        {
            reservation = await pending.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // It was told to stop, and did.
        }
        catch (Exception e)
        {
            faults.Tell(FaultKind.CounterReserve, Place, e, id.ToString());
        }

        if (reservation.Status == CounterReservationStatus.Admitted)
        {
            await ReleaseAsync(new CounterRelease(request, reservation), id).ConfigureAwait(false);
        }
    }

    private ValueTask ReleaseAsync(in CounterRelease release, DecisionId id)
    {
        try
        {
            ValueTask released = store.ReleaseAsync(release, CancellationToken.None);
            if (!released.IsCompleted)
            {
                return AwaitReleaseAsync(released.AsTask(), id);
            }

            released.GetAwaiter().GetResult();
        }
        catch (Exception e)
        {
            faults.Tell(FaultKind.CounterRelease, Place, e, id.ToString());
        }

        return ValueTask.CompletedTask;
    }

    private async ValueTask AwaitReleaseAsync(Task pending, DecisionId id)
    {
        try
        {
            await pending.WaitAsync(timeout, _time).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            faults.Tell(FaultKind.CounterRelease, Place, e, id.ToString());
            if (!pending.IsCompleted)
            {
                _ = faults.TellLaterAsync(FaultKind.CounterRelease, Place, pending, id.ToString());
            }
        }
    }
}
