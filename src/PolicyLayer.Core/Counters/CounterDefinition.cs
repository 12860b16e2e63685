namespace PolicyLayer.Counters;

/// <summary>What is counted: everything that tells one counter from another except whose it is. Immutable; compared by value.</summary>
public sealed class CounterDefinition : IEquatable<CounterDefinition>
{
    /// <summary>The longest window, in seconds: 31 days.</summary>
    public const int MaxWindowSeconds = 2_678_400;

    private readonly int _hash;

    /// <summary>Describes a counter.</summary>
    /// <param name="policyName">The name of the policy that counts.</param>
    /// <param name="counterName">The counter's name in that policy.</param>
    /// <param name="scope">Who shares it.</param>
    /// <param name="windowSeconds">The window's length in seconds, from 1 to <see cref="MaxWindowSeconds"/>.</param>
    /// <param name="algorithm">How it forgets.</param>
    /// <exception cref="ArgumentNullException">A name is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The window, scope or algorithm is out of range.</exception>
    public CounterDefinition(
        string policyName, string counterName, CounterScope scope, int windowSeconds, CounterAlgorithm algorithm = CounterAlgorithm.Fixed)
    {
        ArgumentNullException.ThrowIfNull(policyName);
        ArgumentNullException.ThrowIfNull(counterName);
        ArgumentOutOfRangeException.ThrowIfLessThan(windowSeconds, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(windowSeconds, MaxWindowSeconds);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)scope, (uint)CounterScope.Policy, nameof(scope));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)algorithm, (uint)CounterAlgorithm.Sliding, nameof(algorithm));
        PolicyName = policyName;
        CounterName = counterName;
        Scope = scope;
        WindowSeconds = windowSeconds;
        Algorithm = algorithm;
        _hash = HashCode.Combine(policyName, counterName, scope, windowSeconds, algorithm);
    }

    /// <summary>The name of the policy that counts.</summary>
    public string PolicyName { get; }

    /// <summary>The counter's name in that policy.</summary>
    public string CounterName { get; }

    /// <summary>Who shares it.</summary>
    public CounterScope Scope { get; }

    /// <summary>The window's length in seconds.</summary>
    public int WindowSeconds { get; }

    /// <summary>How it forgets.</summary>
    public CounterAlgorithm Algorithm { get; }

    /// <inheritdoc/>
    public bool Equals(CounterDefinition? other) =>
        ReferenceEquals(this, other)
        || (other is not null
            && _hash == other._hash
            && WindowSeconds == other.WindowSeconds
            && Scope == other.Scope
            && Algorithm == other.Algorithm
            && string.Equals(CounterName, other.CounterName, StringComparison.Ordinal)
            && string.Equals(PolicyName, other.PolicyName, StringComparison.Ordinal));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CounterDefinition);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;
}
