using PolicyLayer.Grants;

namespace PolicyLayer;

/// <summary>Policies, and the grants that name them, which are in force together. Immutable and safe for any number of threads.</summary>
public sealed class PolicyBundle
{
    /// <summary>Puts policies and grants together.</summary>
    /// <param name="policies">The policies, at least one, no two of one name. The first judges the calls of grants that name none.</param>
    /// <param name="grants">The grants, no two of one id or token; null where grants come from elsewhere, or there are none.</param>
    /// <exception cref="ArgumentNullException">The policies, or one of them or of the grants, is null.</exception>
    /// <exception cref="ArgumentException">
    /// There is no policy, or two have one name; or two grants have one id or one token.
    /// </exception>
    public PolicyBundle(IEnumerable<Policy> policies, IEnumerable<Grant>? grants = null)
    {
        ArgumentNullException.ThrowIfNull(policies);
        Policies = Array.AsReadOnly<Policy>([.. policies]);
        Grants = grants is null ? null : new GrantSnapshot(grants).Grants;
        if (Policies.Count == 0)
        {
            throw new ArgumentException("There must be a policy.", nameof(policies));
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (Policy policy in Policies)
        {
            ArgumentNullException.ThrowIfNull(policy, nameof(policies));
            if (!names.Add(policy.Name))
            {
                throw new ArgumentException(
                    $"Two policies are named `{policy.Name}`, and grants name theirs. {Policy.HelpForName}", nameof(policies));
            }
        }
    }

    /// <summary>The policies; the first judges the calls of grants that name none.</summary>
    public IReadOnlyList<Policy> Policies { get; }

    /// <summary>The grants; null where they come from elsewhere, or there are none.</summary>
    public IReadOnlyList<Grant>? Grants { get; }
}
