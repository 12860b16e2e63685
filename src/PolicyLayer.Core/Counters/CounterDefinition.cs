using System.Diagnostics;
using PolicyLayer.Text;

namespace PolicyLayer.Counters;

/// <summary>What is counted: everything that tells one counter from another except whose it is. Immutable; compared by value.</summary>
[DebuggerDisplay("{ToString(),nq}")]
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
    /// <param name="kind">What it is for.</param>
    /// <param name="isPartitioned">Whether each value of something that calls say has a counter of its own.</param>
    /// <exception cref="ArgumentNullException">A name is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The window is a default value, or the scope, algorithm or kind is none; or a window of the calendar isn't fixed.
    /// </exception>
    public CounterDefinition(
        string policyName,
        string counterName,
        CounterScope scope,
        CounterWindowLength window,
        CounterAlgorithm algorithm = CounterAlgorithm.Fixed,
        CounterKind kind = CounterKind.Limit,
        bool isPartitioned = false)
    {
        ArgumentNullException.ThrowIfNull(policyName);
        ArgumentNullException.ThrowIfNull(counterName);
        ArgumentOutOfRangeException.ThrowIfEqual(window, default);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)scope, (uint)CounterScope.Policy, nameof(scope));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(
            (uint)algorithm, (uint)(window.IsCalendar ? CounterAlgorithm.Fixed : CounterAlgorithm.Recent), nameof(algorithm));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)kind, (uint)CounterKind.Mark, nameof(kind));
        PolicyName = policyName;
        CounterName = counterName;
        Scope = scope;
        Window = window;
        Algorithm = algorithm;
        Kind = kind;
        IsPartitioned = isPartitioned;
        _hash = HashCode.Combine(policyName, counterName, scope, window, algorithm, kind, isPartitioned);
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

    /// <summary>What it is for.</summary>
    public CounterKind Kind { get; }

    /// <summary>Whether each value of something that calls say has a counter of its own, told apart by the value's digest.</summary>
    public bool IsPartitioned { get; }

    /// <inheritdoc/>
    public bool Equals(CounterDefinition? other) =>
        ReferenceEquals(this, other)
        || (other is not null
            && _hash == other._hash
            && Window == other.Window
            && Scope == other.Scope
            && Algorithm == other.Algorithm
            && Kind == other.Kind
            && IsPartitioned == other.IsPartitioned
            && string.Equals(CounterName, other.CounterName, StringComparison.Ordinal)
            && string.Equals(PolicyName, other.PolicyName, StringComparison.Ordinal));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CounterDefinition);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <summary>The policy's name and the counter's, both shortened, its scope and its window.</summary>
    public override string ToString() =>
        $"{Quoted.Of(PolicyName)} {Quoted.Of(CounterName)} per {Scope.ToWireString()}, {Window}{(Window.IsCalendar ? "" : " s")}";
}
