using PolicyLayer.Authorization.Decisions;
using PolicyLayer.DecisionTree;
using PolicyLayer.Grants;

namespace PolicyLayer.Authorization.Pipeline;

/// <summary>One policy for whoever calls: the host has no grants, and its word for who it is is taken.</summary>
internal sealed class OnePolicy(PolicyTree tree) : PolicyDirectory
{
    private volatile PolicyTree _tree = tree;

    public override bool HasGrants => false;

    public override bool TryResolve(string toolName, string grantId, string? sessionId, DecisionId id, out ResolvedPolicy policy)
    {
        PolicyTree now = _tree;
        policy = new ResolvedPolicy(now, Find(now, toolName, grantId, sessionId), null);
        return true;
    }

    public override IReadOnlyList<Grant>? Replace(PolicyBundle bundle)
    {
        _tree = bundle.Policies[0].Tree;
        return null;
    }
}
