namespace PolicyLayer.Counters;

/// <summary>
/// What a call asks of one counter: room for an amount below a maximum. Amounts are whole millionths of a unit, exact in every store.
/// Immutable.
/// </summary>
/// <remarks>
/// Later versions may add properties that a store has to honour, such as a minimum; a default value of such a one asks for nothing.
/// </remarks>
public readonly struct CounterDemand
{
    /// <summary>One whole unit, in millionths.</summary>
    public const long Unit = 1_000_000;

    /// <summary>The largest amount and the largest maximum, 9,007,199,254 units, in millionths.</summary>
    public const long Largest = 9_007_199_254 * Unit;

    /// <summary>Describes a demand.</summary>
    /// <param name="key">The counter.</param>
    /// <param name="amountMillionths">What the call adds, from 0 to <see cref="Largest"/>; mostly one <see cref="Unit"/>.</param>
    /// <param name="maxMillionths">What the counter may hold after the call, from 0 to <see cref="Largest"/>.</param>
    public CounterDemand(CounterKey key, long amountMillionths, long maxMillionths)
    {
        Key = key;
        AmountMillionths = amountMillionths;
        MaxMillionths = maxMillionths;
    }

    /// <summary>The counter.</summary>
    public CounterKey Key { get; }

    /// <summary>What the call adds, from 0 to <see cref="Largest"/>.</summary>
    public long AmountMillionths { get; }

    /// <summary>What the counter may hold after the call, from 0 to <see cref="Largest"/>.</summary>
    public long MaxMillionths { get; }
}
