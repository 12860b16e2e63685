namespace PolicyLayer.Counters;

/// <summary>What a request does to the counters that it asks.</summary>
public enum CounterRequestMode
{
    /// <summary>Every demand is charged when the request is admitted.</summary>
    Charge = 0,

    /// <summary>
    /// The answer is that of a charge and says what each counter holds, but nothing is spent, no counter is made, and no counter's time
    /// moves.
    /// </summary>
    Look = 1,
}
