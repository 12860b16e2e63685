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

    /// <exception cref="ArgumentException">Another document, which isn't the replaced one, has the policy's name on the store.</exception>
    public static void Claim(ICounterStore store, Policy policy, Policy? replaced)
    {
        Dictionary<string, string> revisions =
            RevisionsByName.GetValue(store, static _ => new Dictionary<string, string>(StringComparer.Ordinal));
        lock (revisions)
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

            revisions[policy.Name] = policy.Revision;
        }
    }

    private static bool IsOf(Policy? policy, string name, string revision) =>
        policy is not null && policy.Name == name && policy.Revision == revision;
}
