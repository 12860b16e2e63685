using System.Collections.ObjectModel;
using PolicyLayer.Auditing;
using PolicyLayer.Authorization.Pipeline;
using PolicyLayer.Counters;
using PolicyLayer.DecisionTree;
using PolicyLayer.Grants;

namespace PolicyLayer.Authorization;

/// <summary>
/// Puts other policies in force, one reload after another. INVARIANT: a reload takes effect whether or not anybody can record it, as it may
/// take a right away.
/// </summary>
internal sealed class Replacing(
    PolicyBundle initial,
    PolicyDirectory directory,
    ICounterStore counters,
    Observing observing,
    AuditDispatcher? sinks,
    HostClock clock)
{
    private readonly Lock _lock = new();
    private volatile PolicyBundle _inForce = initial;

    /// <summary>The policies in force.</summary>
    public IReadOnlyList<Policy> Policies => _inForce.Policies;

    /// <exception cref="ArgumentException">The bundle doesn't fit the authorizer: nothing is replaced.</exception>
    public PolicyReload Replace(PolicyBundle bundle)
    {
        Validate(bundle, directory);
        lock (_lock)
        {
            IReadOnlyList<Policy> old = _inForce.Policies;
            PolicyClaims.Claim(counters, bundle.Policies, replaced: old);
            IReadOnlyList<Grant>? oldGrants = directory.Replace(bundle);
            _inForce = bundle;
            observing.Replace(bundle.Policies);
            return new PolicyReload(ChangesOf(old, bundle.Policies), ChangesOf(oldGrants, bundle.Grants));
        }
    }

    /// <summary>Has every change recorded. It never throws.</summary>
    public async Task RecordAsync(PolicyReload reload)
    {
        if (sinks is null)
        {
            return;
        }

        DateTimeOffset? time = clock.ReadTime(default);
        foreach (PolicyChange change in reload.Policies)
        {
            await sinks.WriteAsync(AuditRecords.Reload(change, time)).ConfigureAwait(false);
        }

        if (reload.Grants is { } grants)
        {
            await sinks.WriteAsync(AuditRecords.Reload(grants, time)).ConfigureAwait(false);
        }
    }

    public static void Validate(PolicyBundle bundle, PolicyDirectory directory)
    {
        if (bundle.Policies.Count > 1 && !directory.HasGrants)
        {
            throw new ArgumentException(
                $"There are several policies, and no `{nameof(ToolCallAuthorizerOptions)}.{nameof(ToolCallAuthorizerOptions.Grants)}` to "
                + "choose among them.",
                nameof(bundle));
        }

        if (bundle.Grants is not null && !directory.MayReplaceGrants)
        {
            throw new ArgumentException(
                "There are grants in the bundle, and the authorizer has no place for them. Help: give it a "
                + $"`{nameof(GrantDirectory)}` as `{nameof(ToolCallAuthorizerOptions)}.{nameof(ToolCallAuthorizerOptions.Grants)}`.",
                nameof(bundle));
        }
    }

    private static List<PolicyChange> ChangesOf(IReadOnlyList<Policy> old, IReadOnlyList<Policy> now)
    {
        // Of several, the first judges whoever names none.
        string? newFirst = old.Count + now.Count > 2 && old[0].Name != now[0].Name ? now[0].Name : null;
        var before = old.ToDictionary(policy => policy.Name, StringComparer.Ordinal);
        var changes = new List<PolicyChange>();
        foreach (Policy policy in now)
        {
            bool isKnown = before.Remove(policy.Name, out Policy? previous);
            bool becameFirst = policy.Name == newFirst;
            if (!isKnown || previous!.Revision != policy.Revision || becameFirst)
            {
                changes.Add(ChangeOf(previous?.Tree, policy.Tree, becameFirst));
            }
        }

        foreach (Policy gone in old.Where(policy => before.ContainsKey(policy.Name)))
        {
            changes.Add(new PolicyChange(gone.Name, gone.Revision, null, [], []));
        }

        return changes;
    }

    private static PolicyChange ChangeOf(PolicyTree? old, PolicyTree now, bool becameFirst)
    {
        CounterDefinition[] fresh =
            [.. now.Counters.Where(counted => old is null || !old.Counters.Contains(counted)).Select(counted => counted.Counter)];
        return new PolicyChange(
            now.Verdicts.Policy.Name,
            old?.Verdicts.Policy.Revision,
            now.Verdicts.Policy.Revision,
            NamesOf(fresh, CounterKind.Limit),
            NamesOf(fresh, CounterKind.Mark),
            becameFirst);
    }

    private static ReadOnlyCollection<string> NamesOf(CounterDefinition[] counters, CounterKind kind) => Array.AsReadOnly<string>(
    [
        .. counters.Where(counter => counter.Kind == kind)
            .Select(counter => counter.CounterName)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal),
    ]);

    private static GrantChanges? ChangesOf(IReadOnlyList<Grant>? old, IReadOnlyList<Grant>? now)
    {
        if (old is null || now is null)
        {
            return null;
        }

        var before = old.ToDictionary(grant => grant.Id, StringComparer.Ordinal);
        int added = 0;
        int changed = 0;
        foreach (Grant grant in now)
        {
            bool isKnown = before.Remove(grant.Id, out Grant? previous);
            added += isKnown ? 0 : 1;
            changed += isKnown && !grant.IsAs(previous!) ? 1 : 0;
        }

        return added + changed + before.Count == 0 ? null : new GrantChanges(added, changed, before.Count);
    }
}
