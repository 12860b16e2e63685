using System.Runtime.CompilerServices;
using PolicyLayer.Counters;

namespace PolicyLayer.Authorization;

/// <summary>
/// Which document has a name on a counter store of this process. A policy's name is part of every counter's identity, so two documents of
/// one name would share their quotas without a word.
/// </summary>
internal static class PolicyClaims
{
    // How many authorizers judge by each revision.
    private static readonly ConditionalWeakTable<ICounterStore, Dictionary<(string Name, string Revision), int>> Claims = [];

    /// <summary>Claims the names of all policies, or of none.</summary>
    /// <param name="store">The store.</param>
    /// <param name="policies">The policies.</param>
    /// <param name="replaced">
    /// The policies of the same authorizer that they take the place of: those names are its own, of whatever revision.
    /// </param>
    /// <exception cref="ArgumentException">Another document has a policy's name on the store.</exception>
    public static void Claim(ICounterStore store, IReadOnlyList<Policy> policies, IReadOnlyList<Policy> replaced)
    {
        Dictionary<(string Name, string Revision), int> claims = Claims.GetValue(store, static _ => []);
        lock (claims)
        {
            foreach (Policy policy in policies)
            {
                ThrowIfTaken(claims, policy, replaced);
            }

            foreach (Policy policy in replaced)
            {
                Count(claims, policy, -1);
            }

            foreach (Policy policy in policies)
            {
                Count(claims, policy, 1);
            }
        }
    }

    private static void Count(Dictionary<(string Name, string Revision), int> claims, Policy policy, int authorizers)
    {
        (string Name, string Revision) key = (policy.Name, policy.Revision);
        claims[key] = claims.GetValueOrDefault(key) + authorizers;
        if (claims[key] == 0)
        {
            claims.Remove(key);
        }
    }

    private static void ThrowIfTaken(
        Dictionary<(string Name, string Revision), int> claims, Policy policy, IReadOnlyList<Policy> replaced)
    {
        bool isTaken = claims.Keys.Any(claim => claim.Name == policy.Name && claim.Revision != policy.Revision);
        if (isTaken && !replaced.Any(own => own.Name == policy.Name))
        {
            throw new ArgumentException(
                $"Another policy named `{policy.Name}` counts on this store, and the two would share quotas. Help: give one of them a "
                + "name of its own; or have the authorizer that judges by the other one reload it, where this is the same policy anew: "
                + $"`{nameof(ToolCallAuthorizer)}.{nameof(ToolCallAuthorizer.ReloadAsync)}`.",
                nameof(policy));
        }
    }
}
