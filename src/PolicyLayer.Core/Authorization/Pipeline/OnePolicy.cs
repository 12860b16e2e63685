using PolicyLayer.Authorization.Decisions;
using PolicyLayer.DecisionTree;
using PolicyLayer.Grants;
using PolicyLayer.Text;

namespace PolicyLayer.Authorization.Pipeline;

/// <summary>One policy for whoever calls: the host has no grants, and its word for who it is is taken.</summary>
internal sealed class OnePolicy(PolicyTree tree) : PolicyDirectory
{
    private volatile PolicyTree _tree = tree;

    public override bool HasGrants => false;

    public override ResolvedPolicy Find(string toolName, string grantId, string? sessionId, DecisionId id)
    {
        PolicyTree now = _tree;
        ToolEntry entry = Utf16.IsWellFormed(grantId) ? FindEntry(now, toolName, sessionId) : now.Malformed;
        return new ResolvedPolicy(now, entry, null);
    }

    public override IReadOnlyList<Grant>? Replace(PolicyBundle bundle)
    {
        _tree = bundle.Policies[0].Tree;
        return null;
    }
}
