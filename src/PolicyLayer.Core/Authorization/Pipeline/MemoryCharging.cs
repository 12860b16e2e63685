using System.Runtime.CompilerServices;
using PolicyLayer.Authorization.Decisions;
using PolicyLayer.Counters;
using PolicyLayer.Telemetry;

namespace PolicyLayer.Authorization.Pipeline;

/// <summary>Charges the store in memory, which answers without leaving the thread.</summary>
internal sealed class MemoryCharging(InMemoryCounterStore store, FaultReporter faults, bool wantsUsed) : Charging(wantsUsed)
{
    public override bool TryCharge(CounterLimits counters, string grantId, string? sessionId, long now) =>
        store.TryReserveWarm(counters, grantId, sessionId, now);

    protected override ValueTask<CounterReservation> AskAsync(
        in CounterRequest request, DecisionId id, CancellationToken cancellationToken)
    {
        try
        {
            return new ValueTask<CounterReservation>(store.ReserveAny(request));
        }
        catch (Exception e)
        {
            Tell(FaultKind.CounterReserve, e, id);
            return default;
        }
    }

    protected override ValueTask ReleaseAsync(in CounterRelease release, DecisionId id)
    {
        try
        {
            store.Release(release);
        }
        catch (Exception e)
        {
            Tell(FaultKind.CounterRelease, e, id);
        }

        return ValueTask.CompletedTask;
    }

    // Out of line: a frame is cleared on every call, and grows with what is inlined.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Tell(FaultKind kind, Exception exception, DecisionId id) => faults.Tell(kind, Place, exception, id.ToString());
}
