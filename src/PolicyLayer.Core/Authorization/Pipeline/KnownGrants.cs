using PolicyLayer.Authorization.Decisions;
using PolicyLayer.Grants;

namespace PolicyLayer.Authorization.Pipeline;

/// <summary>Grants of a directory in memory, which answers at once.</summary>
internal sealed class KnownGrants(GrantDirectory grants, IReadOnlyList<Policy> policies, HostClock clock) : GrantedPolicies(policies, clock)
{
    public override bool TryResolve(string toolName, string grantId, string? sessionId, DecisionId id, out ResolvedPolicy policy)
    {
        policy = Find(grants.Find(grantId), toolName, sessionId, id);
        return true;
    }
}
