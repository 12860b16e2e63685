namespace PolicyLayer.Counters;

/// <summary>The bounds and the clock of an <see cref="InMemoryCounterStore"/>. Read once, when the store is made.</summary>
public sealed class InMemoryCounterStoreOptions
{
    /// <summary>How many counters it may hold in all; a call that needs one more is refused. 1,000,000 by default, at least 1.</summary>
    public int MaxCounters { get; set; } = 1_000_000;

    /// <summary>
    /// How many counters one grant may hold, those of its sessions and those that it made for values included; a call that needs one more
    /// is refused. 10,000 by default, at least 1.
    /// </summary>
    public int MaxCountersPerGrant { get; set; } = 10_000;

    /// <summary>The clock of <see cref="ICounterInventory"/>. Windows go by the requests' times.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(TimeProvider);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxCounters, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxCountersPerGrant, 1);
    }
}
