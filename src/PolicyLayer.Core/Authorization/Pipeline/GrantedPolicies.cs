using System.Collections.Frozen;
using PolicyLayer.Authorization.Decisions;
using PolicyLayer.DecisionTree;
using PolicyLayer.DecisionTree.Verdicts;
using PolicyLayer.Grants;

namespace PolicyLayer.Authorization.Pipeline;

/// <summary>Each grant has its policy. One that isn't in force, or has none, denies before anything of the call is read.</summary>
internal abstract class GrantedPolicies(IReadOnlyList<Policy> policies, HostClock clock) : PolicyDirectory
{
    /// <summary>So many names are compared faster than one is looked up, and few hosts have more.</summary>
    private const int Few = 4;

    private static readonly PolicyIdentity Nobody = new("", "");

    private readonly PolicyTree[] _first = [.. policies.Take(Few).Select(policy => policy.Tree)];
    private readonly FrozenDictionary<string, PolicyTree> _others =
        policies.Skip(Few).ToFrozenDictionary(policy => policy.Name, policy => policy.Tree, StringComparer.Ordinal);

    public sealed override bool HasGrants => true;

    protected static ResolvedPolicy Unknown { get; } = Deny(DecisionCode.GrantUnknown);

    protected static ResolvedPolicy Unavailable { get; } = Deny(DecisionCode.GrantResolverUnavailable);

    private static ResolvedPolicy Revoked { get; } = Deny(DecisionCode.GrantRevoked);

    private static ResolvedPolicy Expired { get; } = Deny(DecisionCode.GrantExpired);

    private static ResolvedPolicy WithoutPolicy { get; } = Deny(DecisionCode.NoPolicy);

    private static ResolvedPolicy WithoutTime { get; } = Deny(DecisionCode.InternalError);

    /// <summary>What a grant makes of a call; null for no grant.</summary>
    protected ResolvedPolicy Find(Grant? grant, string toolName, string? sessionId, DecisionId id)
    {
        if (grant is null)
        {
            return Unknown;
        }

        if (grant.IsRevoked)
        {
            return Revoked;
        }

        if (grant.Expires is { } end && FindEnded(end, id) is { } ended)
        {
            return ended;
        }

        PolicyTree? tree = grant.PolicyName is null ? _first[0] : Find(grant.PolicyName);
        return tree is null ? WithoutPolicy : new ResolvedPolicy(tree, Find(tree, toolName, grant.Id, sessionId), grant);
    }

    private PolicyTree? Find(string name)
    {
        foreach (PolicyTree tree in _first)
        {
            if (tree.Verdicts.Policy.Name == name)
            {
                return tree;
            }
        }

        return _others.GetValueOrDefault(name);
    }

    private ResolvedPolicy? FindEnded(DateTimeOffset end, DecisionId id) => clock.ReadTime(id) switch
    {
        null => WithoutTime,
        { } now => now < end ? null : Expired,
    };

    private static ResolvedPolicy Deny(DecisionCode code) =>
        new(null, new ToolEntry(Verdict.Deny(code, Nobody, ToolRisk.Unspecified)), null);
}
