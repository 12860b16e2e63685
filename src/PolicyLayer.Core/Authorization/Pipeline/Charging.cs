using System.Runtime.CompilerServices;
using PolicyLayer.Authorization.Decisions;
using PolicyLayer.Counters;

namespace PolicyLayer.Authorization.Pipeline;

/// <summary>
/// Spends quota and gives it back, whatever the store does. A default reservation stands for no answer, and denies.
/// </summary>
/// <param name="wantsUsed">Whether anybody is told what counters hold once a call is charged.</param>
internal abstract class Charging(bool wantsUsed)
{
    /// <summary>What the options call the store.</summary>
    public const string Place = "Counters";

    // Nobody counts on it, and a look makes none.
    private const string NoCounter = "reachability";

    /// <summary>
    /// Charges one unit to each counter at once, if that is all a call demands and the store can do it without further ado: the usual case,
    /// which needs none of the values that an answer is made of. Else nothing is charged, and the store has to be asked.
    /// </summary>
    /// <param name="counters">The counters.</param>
    /// <param name="grantId">The call's grant.</param>
    /// <param name="sessionId">The call's session.</param>
    /// <param name="now">The time.</param>
    /// <returns>Whether they were charged, at that very time.</returns>
    public virtual bool TryCharge(CounterLimits counters, string grantId, string? sessionId, long now) => false;

    /// <summary>Asks for all that a call demands, and completes at once when the store does. Without a time nothing is asked.</summary>
    /// <exception cref="OperationCanceledException">The host gave up; what the store admits all the same goes back.</exception>
    // Out of line, as in the pipeline: a frame is cleared on every call, and grows with what is inlined.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ValueTask<CounterReservation> ReserveAsync(in CallInFlight call, CancellationToken cancellationToken)
    {
        if (call.UnixMilliseconds == HostClock.NoTime)
        {
            return default;
        }

        CounterRequest request = call.Request with { WantsUsed = wantsUsed };
        if (request.Count == 0)
        {
            return new ValueTask<CounterReservation>(CounterReservation.Admitted(call.UnixMilliseconds));
        }

        return AskAsync(request, call.Id, cancellationToken);
    }

    /// <summary>Asks whether all that a call demands would be charged, and charges nothing.</summary>
    /// <exception cref="OperationCanceledException">The host gave up.</exception>
    public ValueTask<CounterReservation> LookAsync(in CallInFlight call, CancellationToken cancellationToken)
    {
        if (call.UnixMilliseconds == HostClock.NoTime)
        {
            return default;
        }

        CounterRequest request = call.Request.Looking();
        return request.Count == 0
            ? new ValueTask<CounterReservation>(CounterReservation.Admitted(call.UnixMilliseconds))
            : AskAsync(request, call.Id, cancellationToken);
    }

    /// <summary>Whether the store answers: asked by a look at a counter that nobody counts on. Without a time it isn't asked.</summary>
    /// <exception cref="OperationCanceledException">The host gave up.</exception>
    public async ValueTask<bool> IsReachableAsync(
        string policyName, long unixMilliseconds, DecisionId id, CancellationToken cancellationToken)
    {
        if (unixMilliseconds == HostClock.NoTime)
        {
            return false;
        }

        var counter = new CounterDefinition(policyName, NoCounter, CounterScope.Policy, CounterWindowLength.FromSeconds(60));
        var limits = new CounterLimits([new CounterLimit(counter, CounterDemand.Unit)]);
        var look = new CounterRequest(unixMilliseconds, grantId: "", sessionId: null, limits, amounts: null, mode: CounterRequestMode.Look);
        CounterReservation answer = await AskAsync(look, id, cancellationToken).ConfigureAwait(false);
        return answer.Status != CounterReservationStatus.None;
    }

    /// <summary>Charges marks, as far as the store can. It never throws.</summary>
    public async ValueTask MarkAsync(CounterRequest marks, DecisionId id)
    {
        if (marks.Count > 0)
        {
            await AskAsync(marks, id, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Gives back what an allow reserved, as far as the store can: a charge that stays harms nobody but the grant. It never throws.
    /// </summary>
    public ValueTask ReleaseAsync(in ToolCallDecision decision) =>
        decision.IsCounted ? ReleaseAsync(decision.Reserved, decision.Id) : ValueTask.CompletedTask;

    /// <summary>Asks the store. What breaks is no answer; only a host that gives up is an exception.</summary>
    protected abstract ValueTask<CounterReservation> AskAsync(
        in CounterRequest request, DecisionId id, CancellationToken cancellationToken);

    protected abstract ValueTask ReleaseAsync(in CounterRelease release, DecisionId id);
}
