namespace PolicyLayer.Testing;

/// <summary>What a counter store does beyond the promises that every store makes. Cases that need more are left out.</summary>
[Flags]
public enum CounterStoreCapabilities
{
    /// <summary>Only what every store does.</summary>
    None = 0,

    /// <summary>
    /// It lives by the requests' times, so that a case can move its clock. Leave it out for a store with a clock of its own.
    /// </summary>
    RequestTime = 1,

    /// <summary>What it holds survives closing and opening it again.</summary>
    Durable = 2,

    /// <summary>Several open instances of one storage share its counters.</summary>
    Shared = 4,

    /// <summary>
    /// It takes <see cref="CounterStoreOpening.MaxCountersPerGrant"/> as the bound of counters for values at least, if not of others.
    /// </summary>
    BoundedForValues = 8,

    /// <summary>It takes all bounds of a <see cref="CounterStoreOpening"/>.</summary>
    Bounded = 16 | BoundedForValues,

    /// <summary>It is an <see cref="Counters.ICounterInventory"/>.</summary>
    Inventory = 32,
}
