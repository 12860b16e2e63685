using System.Runtime.CompilerServices;
using PolicyLayer.Counters;

namespace PolicyLayer.Authorization;

/// <summary>
/// Which document has a name on a counter store of this process. A policy's name is part of every counter's identity, so two documents of
/// one name would share their quotas without a word.
/// </summary>
internal static class PolicyClaims
{
    private static readonly ConditionalWeakTable<ICounterStore, Dictionary<string, string>> RevisionsByName = [];

    /// <summary>Claims the names of all policies, or of none.</summary>
    /// <exception cref="ArgumentException">Another document, which isn't the replaced one, has a policy's name on the store.</exception>
    public static void Claim(ICounterStore store, IReadOnlyList<Policy> policies, Policy? replaced)
    {
        Dictionary<string, string> revisions =
            RevisionsByName.GetValue(store, static _ => new Dictionary<string, string>(StringComparer.Ordinal));
        lock (revisions)
        {
            foreach (Policy policy in policies)
            {
                ThrowIfTaken(revisions, policy, replaced);
            }

            foreach (Policy policy in policies)
            {
                revisions[policy.Name] = policy.Revision;
            }
        }
    }

    private static void ThrowIfTaken(Dictionary<string, string> revisions, Policy policy, Policy? replaced)
    {
        if (revisions.TryGetValue(policy.Name, out string? revision)
            && revision != policy.Revision
            && !IsOf(replaced, policy.Name, revision))
        {
            throw new ArgumentException(
                $"Another policy named `{policy.Name}` counts on this store, and the two would share quotas. Help: give one of them a "
                + "name of its own; or say, where this is the same policy reloaded, what it replaces by "
                + $"`{nameof(ToolCallAuthorizerOptions)}.{nameof(ToolCallAuthorizerOptions.Replaces)}`.",
                nameof(policy));
        }
    }

    private static bool IsOf(Policy? policy, string name, string revision) =>
        policy is not null && policy.Name == name && policy.Revision == revision;
}
