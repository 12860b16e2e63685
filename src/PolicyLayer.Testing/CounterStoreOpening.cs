namespace PolicyLayer.Testing;

/// <summary>What a case asks of a harness: a store over one storage. Immutable.</summary>
public sealed class CounterStoreOpening
{
    /// <summary>Asks for a store.</summary>
    /// <param name="storage">The storage's name.</param>
    /// <param name="maxCounters">How many counters it may hold; null for the store's default.</param>
    /// <param name="maxCountersPerGrant">How many counters one grant may hold; null for the store's default.</param>
    /// <exception cref="ArgumentNullException"><paramref name="storage"/> is null.</exception>
    public CounterStoreOpening(string storage, int? maxCounters = null, int? maxCountersPerGrant = null)
    {
        ArgumentNullException.ThrowIfNull(storage);
        Storage = storage;
        MaxCounters = maxCounters;
        MaxCountersPerGrant = maxCountersPerGrant;
    }

    /// <summary>The storage's name: letters, digits and hyphens. A name that wasn't opened before stands for an empty storage.</summary>
    public string Storage { get; }

    /// <summary>How many counters it may hold; null for the store's default.</summary>
    public int? MaxCounters { get; }

    /// <summary>How many counters one grant may hold; null for the store's default.</summary>
    public int? MaxCountersPerGrant { get; }
}
