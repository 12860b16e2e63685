using PolicyLayer.Authorization.Decisions;
using PolicyLayer.Grants;

namespace PolicyLayer.Authorization.Pipeline;

/// <summary>Grants of a directory in memory, which answers at once.</summary>
internal sealed class KnownGrants(GrantDirectory grants, IReadOnlyList<Policy> policies, HostClock clock) : GrantedPolicies(clock)
{
    private readonly PolicyTable _initial = new(policies);

    public override bool MayReplaceGrants => true;

    public override ResolvedPolicy Find(string toolName, string grantId, string? sessionId, DecisionId id)
    {
        GrantSnapshot now = grants.Snapshot;
        return Find((PolicyTable?)now.PoliciesOf(this) ?? _initial, now.Find(grantId), toolName, sessionId, id);
    }

    public override IReadOnlyList<Grant> Replace(PolicyBundle bundle) =>
        grants.Publish(this, new PolicyTable(bundle.Policies), bundle.Grants);
}
