namespace PolicyLayer.Auditing;

/// <summary>What a reload changed of one policy, or of the grants. Immutable; equal to another when all that they say is.</summary>
public sealed record AuditReload
{
    private readonly ValueList<string> _newCounters = ValueList<string>.Empty;
    private readonly ValueList<string> _newMarks = ValueList<string>.Empty;

    /// <summary>The policy's revision before; null for a policy that is new, and for the grants.</summary>
    public string? PreviousRevision { get; init; }

    /// <summary>Whether the policy judges the calls of grants that name none, and another one did before.</summary>
    public bool BecameFirst { get; init; }

    /// <summary>The names of the policy's counters that begin at zero, in ordinal order: the first 1,000.</summary>
    public IReadOnlyList<string> NewCounters
    {
        get => _newCounters;
        init => _newCounters = ValueList<string>.Of(value);
    }

    /// <summary>The tools whose calls leave marks for the policy's orders that begin anew, in ordinal order: the first 1,000.</summary>
    public IReadOnlyList<string> NewMarks
    {
        get => _newMarks;
        init => _newMarks = ValueList<string>.Of(value);
    }

    /// <summary>How many grants are new; null for a policy.</summary>
    public int? GrantsAdded { get; init; }

    /// <summary>How many grants changed, those that were revoked among them; null for a policy.</summary>
    public int? GrantsChanged { get; init; }

    /// <summary>How many grants are gone; null for a policy.</summary>
    public int? GrantsRemoved { get; init; }
}
