namespace PolicyLayer.Counters;

/// <summary>What a call asks of one counter: room for an amount below a maximum. Amounts are whole millionths of a unit.</summary>
/// <param name="Key">The counter.</param>
/// <param name="AmountMillionths">What the call adds, from 0 to <see cref="Largest"/>; a plain call adds one <see cref="Unit"/>.</param>
/// <param name="MaxMillionths">What the counter may hold after the call, from 0 to <see cref="Largest"/>.</param>
public readonly record struct CounterDemand(CounterKey Key, long AmountMillionths, long MaxMillionths)
{
    /// <summary>One whole unit, in millionths.</summary>
    public const long Unit = 1_000_000;

    /// <summary>The largest amount and the largest maximum, 9,007,199,254 units, in millionths.</summary>
    public const long Largest = 9_007_199_254 * Unit;
}
