namespace PolicyLayer.Approvals;

/// <summary>
/// What the counter of one limit stood at when a call was to wait for a person. The amount may be an argument's value, so it is for
/// nobody's log: <see cref="ToString"/> has none. Immutable; compared by value.
/// </summary>
public sealed record ApprovalCounter
{
    /// <summary>Describes a counter.</summary>
    /// <param name="rule">The JSON Pointer of the limit inside the policy.</param>
    /// <param name="name">The counter's name in the policy.</param>
    /// <param name="used">What it held before the call, in units.</param>
    /// <param name="amount">What the call would add, in units.</param>
    /// <param name="max">What the limit lets it hold, in units.</param>
    /// <exception cref="ArgumentNullException">The pointer or the name is null.</exception>
    public ApprovalCounter(string rule, string name, decimal used, decimal amount, decimal max)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(name);
        Rule = rule;
        Name = name;
        Used = used;
        Amount = amount;
        Max = max;
    }

    /// <summary>The JSON Pointer of the limit inside the policy.</summary>
    public string Rule { get; }

    /// <summary>The counter's name in the policy.</summary>
    public string Name { get; }

    /// <summary>What it held before the call: calls, or what the limit adds up.</summary>
    public decimal Used { get; }

    /// <summary>What the call would add.</summary>
    public decimal Amount { get; }

    /// <summary>What the limit lets it hold.</summary>
    public decimal Max { get; }

    /// <summary>The counter's name and its limit.</summary>
    public override string ToString() => $"{Name}: {Rule}";
}
