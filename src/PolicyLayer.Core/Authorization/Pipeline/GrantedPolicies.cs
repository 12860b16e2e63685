using System.Runtime.CompilerServices;
using PolicyLayer.Authorization.Decisions;
using PolicyLayer.DecisionTree;
using PolicyLayer.DecisionTree.Verdicts;
using PolicyLayer.Grants;

namespace PolicyLayer.Authorization.Pipeline;

/// <summary>Each grant has its policy. One that isn't in force, or has none, denies before anything of the call is read.</summary>
internal abstract class GrantedPolicies(HostClock clock) : PolicyDirectory
{
    private static readonly PolicyIdentity Nobody = new("", "");

    public sealed override bool HasGrants => true;

    protected static ResolvedPolicy Unknown { get; } = Deny(DecisionCode.GrantUnknown);

    protected static ResolvedPolicy Unavailable { get; } = Deny(DecisionCode.GrantResolverUnavailable);

    private static ResolvedPolicy Revoked { get; } = Deny(DecisionCode.GrantRevoked);

    private static ResolvedPolicy Expired { get; } = Deny(DecisionCode.GrantExpired);

    private static ResolvedPolicy WithoutPolicy { get; } = Deny(DecisionCode.NoPolicy);

    private static ResolvedPolicy WithoutTime { get; } = Deny(DecisionCode.InternalError);

    /// <summary>What a grant makes of a call; null for no grant.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected ResolvedPolicy Find(PolicyTable policies, Grant? grant, string toolName, string? sessionId, DecisionId id)
    {
        if (grant is null)
        {
            return Unknown;
        }

        if (grant.IsRevoked)
        {
            return Revoked;
        }

        if (grant.Expires is { } end && FindEnded(end, id) is { IsFound: true } ended)
        {
            return ended;
        }

        // A grant's id is Unicode text, or there is no such grant.
        PolicyTree? tree = grant.PolicyName is null ? policies.First : policies.Find(grant.PolicyName);
        return tree is null ? WithoutPolicy : new ResolvedPolicy(tree, FindEntry(tree, toolName, sessionId), grant);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ResolvedPolicy FindEnded(DateTimeOffset end, DecisionId id) => clock.ReadTime(id) switch
    {
        null => WithoutTime,
        { } now => now < end ? default : Expired,
    };

    private static ResolvedPolicy Deny(DecisionCode code) =>
        new(null, new ToolEntry(Verdict.Deny(code, Nobody, ToolRisk.Unspecified)), null);
}
