using System.Diagnostics;

namespace PolicyLayer.Counters;

/// <summary>
/// What a call asks of one counter: that it holds at least a minimum, and has room for an amount below a maximum. Amounts are whole
/// millionths of a unit, exact in every store. Immutable.
/// </summary>
[DebuggerDisplay("{ToString(),nq}")]
public readonly struct CounterDemand
{
    /// <summary>One whole unit, in millionths.</summary>
    public const long Unit = 1_000_000;

    /// <summary>The largest amount, minimum and maximum, 9,007,199,254 units, in millionths.</summary>
    public const long Largest = 9_007_199_254 * Unit;

    private readonly long _unixMilliseconds;

    /// <summary>Describes a demand.</summary>
    /// <param name="key">The counter.</param>
    /// <param name="amountMillionths">What the call adds, from 0 to <see cref="Largest"/>; mostly one <see cref="Unit"/>.</param>
    /// <param name="maxMillionths">What the counter may hold after the call, from 0 to <see cref="Largest"/>.</param>
    /// <param name="minMillionths">What the counter must hold before the call, from 0, which asks for nothing, to the maximum.</param>
    public CounterDemand(CounterKey key, long amountMillionths, long maxMillionths, long minMillionths = 0)
        : this(key, amountMillionths, maxMillionths, minMillionths, unixMilliseconds: 0)
    {
    }

    /// <summary>A demand of a request that is made at a time.</summary>
    internal CounterDemand(CounterKey key, long amountMillionths, long maxMillionths, long minMillionths, long unixMilliseconds)
    {
        Key = key;
        AmountMillionths = amountMillionths;
        MaxMillionths = maxMillionths;
        MinMillionths = minMillionths;
        _unixMilliseconds = unixMilliseconds;
    }

    /// <summary>The counter.</summary>
    public CounterKey Key { get; }

    /// <summary>What the call adds, from 0 to <see cref="Largest"/>.</summary>
    public long AmountMillionths { get; }

    /// <summary>What the counter may hold after the call, from 0 to <see cref="Largest"/>.</summary>
    public long MaxMillionths { get; }

    /// <summary>What the counter must hold before the call: 0 asks for nothing. A counter that doesn't exist holds 0.</summary>
    public long MinMillionths { get; }

    /// <summary>
    /// The bounds of the counter's window at the request's time, and of the next; null unless it is fixed: <see cref="CounterWindow"/> does
    /// the arithmetic of the others, which sliding limits and all orders need. Of a demand that was read from a request.
    /// </summary>
    public CounterWindowBounds? Bounds => Key.Definition is { Algorithm: CounterAlgorithm.Fixed } definition
        ? CounterWindowBounds.Of(definition.Window, _unixMilliseconds)
        : null;

    /// <summary>The key; not the amount, which a call may have given.</summary>
    public override string ToString() => Key.ToString();
}
