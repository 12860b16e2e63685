using PolicyLayer.Authorization.Decisions;
using PolicyLayer.DecisionTree;

namespace PolicyLayer.Authorization.Pipeline;

/// <summary>One policy for whoever calls: the host has no grants, and its word for who it is is taken.</summary>
internal sealed class OnePolicy(PolicyTree tree) : PolicyDirectory
{
    public override bool HasGrants => false;

    public override bool TryResolve(string toolName, string grantId, string? sessionId, DecisionId id, out ResolvedPolicy policy)
    {
        policy = new ResolvedPolicy(tree, Find(tree, toolName, grantId, sessionId), null);
        return true;
    }
}
