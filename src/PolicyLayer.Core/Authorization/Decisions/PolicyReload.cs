namespace PolicyLayer;

/// <summary>What a reload changed. Immutable.</summary>
public sealed class PolicyReload
{
    internal PolicyReload(IReadOnlyList<PolicyChange> policies, GrantChanges? grants)
    {
        Policies = policies;
        Grants = grants;
    }

    /// <summary>
    /// The policies that are new, gone, of another revision, or the first now, in the order of their bundle, those that are gone last.
    /// </summary>
    public IReadOnlyList<PolicyChange> Policies { get; }

    /// <summary>How many grants changed; null when none did.</summary>
    public GrantChanges? Grants { get; }

    /// <summary>Whether anything changed.</summary>
    public bool ChangedAnything => Policies.Count > 0 || Grants is not null;
}
