using System.Runtime.CompilerServices;
using PolicyLayer.Authorization.Decisions;
using PolicyLayer.Counters;
using PolicyLayer.Telemetry;

namespace PolicyLayer.Authorization.Pipeline;

/// <summary>Charges through any store: it answers within its time, or it gave no answer.</summary>
internal sealed class StoreCharging(
    ICounterStore store, TimeSpan timeout, TimeProvider time, FaultReporter faults, bool wantsUsed) : Charging(wantsUsed)
{
    protected override ValueTask<CounterReservation> AskAsync(
        in CounterRequest request, DecisionId id, CancellationToken cancellationToken)
    {
        Wait wait = Wait.Begin(time);
        try
        {
            ValueTask<CounterReservation> answer = store.ReserveAsync(request, cancellationToken);
            if (!answer.IsCompleted)
            {
                return AwaitAsync(request, answer.AsTask(), id, wait, cancellationToken);
            }

            // What is complete is read here: an answer that breaks when it is read is one that broke.
            CounterReservation reservation = answer.GetAwaiter().GetResult();
            wait.End(FaultKind.CounterReserve, Place);
            return new ValueTask<CounterReservation>(reservation);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<CounterReservation>(cancellationToken);
        }
        catch (Exception e)
        {
            wait.End(FaultKind.CounterReserve, Place, e);
            faults.Tell(FaultKind.CounterReserve, Place, e, id.ToString());
            return default;
        }
    }

    // A frame is cleared on every call, and would grow with what is inlined.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private async ValueTask<CounterReservation> AwaitAsync(
        CounterRequest request, Task<CounterReservation> pending, DecisionId id, Wait wait, CancellationToken cancellationToken)
    {
        try
        {
            CounterReservation reservation = await pending.WaitAsync(timeout, time, cancellationToken).ConfigureAwait(false);
            wait.End(FaultKind.CounterReserve, Place);
            return reservation;
        }
        catch (Exception e)
        {
            bool isGivenUp = e is OperationCanceledException && cancellationToken.IsCancellationRequested;
            if (!isGivenUp)
            {
                wait.End(FaultKind.CounterReserve, Place, e);
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

    protected override ValueTask ReleaseAsync(in CounterRelease release, DecisionId id)
    {
        Wait wait = Wait.Begin(time);
        try
        {
            ValueTask released = store.ReleaseAsync(release, CancellationToken.None);
            if (!released.IsCompleted)
            {
                return AwaitReleaseAsync(released.AsTask(), id, wait);
            }

            released.GetAwaiter().GetResult();
            wait.End(FaultKind.CounterRelease, Place);
        }
        catch (Exception e)
        {
            wait.End(FaultKind.CounterRelease, Place, e);
            faults.Tell(FaultKind.CounterRelease, Place, e, id.ToString());
        }

        return ValueTask.CompletedTask;
    }

    private async ValueTask AwaitReleaseAsync(Task pending, DecisionId id, Wait wait)
    {
        try
        {
            await pending.WaitAsync(timeout, time).ConfigureAwait(false);
            wait.End(FaultKind.CounterRelease, Place);
        }
        catch (Exception e)
        {
            wait.End(FaultKind.CounterRelease, Place, e);
            faults.Tell(FaultKind.CounterRelease, Place, e, id.ToString());
            if (!pending.IsCompleted)
            {
                _ = faults.TellLaterAsync(FaultKind.CounterRelease, Place, pending, id.ToString());
            }
        }
    }
}
