namespace PolicyLayer.Auditing;

/// <summary>A counter that a call was to be counted on. Immutable.</summary>
public sealed record AuditCounter
{
    /// <summary>Describes a counter.</summary>
    /// <param name="name">The counter's name in the policy.</param>
    /// <param name="used">What the counter held when the call was decided, in units, or null: see <see cref="Used"/>.</param>
    /// <param name="max">What the counter may hold, in units: the tightest maximum that applies to the call.</param>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    public AuditCounter(string name, decimal? used, decimal max)
    {
        ArgumentNullException.ThrowIfNull(name);
        Name = name;
        Used = used;
        Max = max;
    }

    /// <summary>The counter's name in the policy.</summary>
    public string Name { get; }

    /// <summary>
    /// What the counter held when the call was decided, in units: once an allowed call was charged, or as a refused one found it. Null
    /// when the store didn't say or gave no answer, and where what the call was charged went back, as it was denied after all. Of a counter
    /// with <c>increment_from</c> it is a sum of amounts that calls gave.
    /// </summary>
    public decimal? Used { get; }

    /// <summary>What the counter may hold, in units: the tightest maximum that applies to the call.</summary>
    public decimal Max { get; }
}
