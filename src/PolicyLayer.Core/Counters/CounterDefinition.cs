namespace PolicyLayer.Counters;

/// <summary>What is counted: everything that tells one counter from another except whose it is. Immutable; compared by value.</summary>
public sealed class CounterDefinition : IEquatable<CounterDefinition>
{
    // INVARIANT: equal definitions have equal hashes, computed once: a look-up compares them first.
    private readonly int _hash;

    /// <summary>Describes a counter.</summary>
    /// <param name="policyName">The name of the policy that counts.</param>
    /// <param name="counterName">The counter's name in that policy.</param>
    /// <param name="scope">Who shares it.</param>
    /// <param name="window">The window's length.</param>
    /// <param name="algorithm">How it forgets.</param>
    /// <exception cref="ArgumentNullException">A name is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The window is a default value, or the scope or algorithm is none.</exception>
    public CounterDefinition(
        string policyName,
        string counterName,
        CounterScope scope,
        CounterWindowLength window,
        CounterAlgorithm algorithm = CounterAlgorithm.Fixed)
    {
        ArgumentNullException.ThrowIfNull(policyName);
        ArgumentNullException.ThrowIfNull(counterName);
        ArgumentOutOfRangeException.ThrowIfEqual(window, default);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)scope, (uint)CounterScope.Policy, nameof(scope));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)algorithm, (uint)CounterAlgorithm.Sliding, nameof(algorithm));
        PolicyName = policyName;
        CounterName = counterName;
        Scope = scope;
        Window = window;
        Algorithm = algorithm;
        _hash = HashCode.Combine(policyName, counterName, scope, window, algorithm);
    }

    /// <summary>The name of the policy that counts.</summary>
    public string PolicyName { get; }

    /// <summary>The counter's name in that policy.</summary>
    public string CounterName { get; }

    /// <summary>Who shares it.</summary>
    public CounterScope Scope { get; }

    /// <summary>The window's length.</summary>
    public CounterWindowLength Window { get; }

    /// <summary>How it forgets.</summary>
    public CounterAlgorithm Algorithm { get; }

    /// <inheritdoc/>
    public bool Equals(CounterDefinition? other) =>
        ReferenceEquals(this, other)
        || (other is not null
            && _hash == other._hash
            && Window == other.Window
            && Scope == other.Scope
            && Algorithm == other.Algorithm
            && string.Equals(CounterName, other.CounterName, StringComparison.Ordinal)
            && string.Equals(PolicyName, other.PolicyName, StringComparison.Ordinal));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CounterDefinition);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;
}
