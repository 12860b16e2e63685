using PolicyLayer.Authorization.Decisions;
using PolicyLayer.Grants;
using PolicyLayer.Telemetry;

namespace PolicyLayer.Authorization.Pipeline;

/// <summary>Grants that a resolver of the host's finds: within its time, or it gave no answer.</summary>
internal sealed class AskedGrants(
    IGrantResolver grants, TimeSpan timeout, IReadOnlyList<Policy> policies, HostClock clock, FaultReporter faults)
    : GrantedPolicies(clock)
{
    /// <summary>What the options call the resolver.</summary>
    private const string Place = "Grants";

    private readonly TimeProvider _time = clock.Provider;
    private volatile PolicyTable _policies = new(policies);

    public override ResolvedPolicy Find(string toolName, string grantId, string? sessionId, DecisionId id) =>
        grantId.Length == 0 ? Unknown : default;

    public override async ValueTask<ResolvedPolicy> ResolveAsync(
        string toolName, string grantId, string? sessionId, DecisionId id, CancellationToken cancellationToken)
    {
        // INVARIANT: read before the resolver is asked, as a reload may come meanwhile.
        PolicyTable policies = _policies;
        Grant? grant;
        Wait wait = Wait.Begin(_time);
        try
        {
            grant = await AskAsync(grantId, id, cancellationToken).ConfigureAwait(false);
            wait.End(FaultKind.GrantResolve, Place);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e)
        {
            wait.End(FaultKind.GrantResolve, Place, e);
            faults.Tell(FaultKind.GrantResolve, Place, e, id.ToString());
            return Unavailable;
        }

        return Find(policies, grant, toolName, sessionId, id);
    }

    public override IReadOnlyList<Grant>? Replace(PolicyBundle bundle)
    {
        _policies = new PolicyTable(bundle.Policies);
        return null;
    }

    private async ValueTask<Grant?> AskAsync(string grantId, DecisionId id, CancellationToken cancellationToken)
    {
        var stop = new CancellationTokenSource();
        Task<Grant?> answer = grants.ResolveAsync(new GrantRequest(grantId), stop.Token).AsTask();
        Grant? grant;
        try
        {
            grant = await answer.WaitAsync(timeout, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception) when (!answer.IsCompleted)
        {
            _ = faults.TellLaterAsync(FaultKind.GrantResolve, Place, StopAsync(stop, answer), id.ToString());
            throw;
        }

        // INVARIANT: an answer is about the grant that was asked for, or none: a mixed-up cache opens nothing.
        return grant is null || grant.Id == grantId
            ? grant
            : throw new InvalidOperationException("The resolver answered with a grant of another id.");
    }

    /// <summary>Callbacks of the resolver's run elsewhere: they may hang as it does.</summary>
    private static async Task StopAsync(CancellationTokenSource stop, Task answer)
    {
        await stop.CancelAsync().ConfigureAwait(false);
        await answer.ConfigureAwait(false);
    }
}
