namespace PolicyLayer;

/// <summary>What a reload changed of one policy. Immutable.</summary>
public sealed class PolicyChange
{
    internal PolicyChange(
        string name,
        string? oldRevision,
        string? newRevision,
        IReadOnlyList<string> newCounters,
        IReadOnlyList<string> newMarks,
        bool becameFirst = false)
    {
        Name = name;
        OldRevision = oldRevision;
        NewRevision = newRevision;
        NewCounters = newCounters;
        NewMarks = newMarks;
        BecameFirst = becameFirst;
    }

    /// <summary>The policy's name.</summary>
    public string Name { get; }

    /// <summary>The revision that was in force; null for a policy that is new.</summary>
    public string? OldRevision { get; }

    /// <summary>The revision that is in force; null for a policy that is gone.</summary>
    public string? NewRevision { get; }

    /// <summary>
    /// The names of counters, each once and in ordinal order, that begin at zero: limits that are new, or whose window, algorithm, scope or
    /// <c>per</c> is another. Empty for a policy that is gone.
    /// </summary>
    public IReadOnlyList<string> NewCounters { get; }

    /// <summary>
    /// The tools, each once and in ordinal order, whose calls leave marks for <c>after</c> or <c>not_after</c> that begin anew: what went
    /// before the reload isn't known to such an order. Empty for a policy that is gone.
    /// </summary>
    public IReadOnlyList<string> NewMarks { get; }

    /// <summary>
    /// Whether it judges, among several, the calls of grants that name no policy, and another one did before. Its revision may be the same.
    /// </summary>
    public bool BecameFirst { get; }
}
