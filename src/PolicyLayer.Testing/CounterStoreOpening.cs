namespace PolicyLayer.Testing;

/// <summary>What a case asks of a harness: a store over one storage.</summary>
/// <param name="Storage">
/// The storage's name: letters, digits and hyphens. A name that wasn't opened before stands for an empty storage.
/// </param>
/// <param name="MaxCounters">How many counters it may hold; null for the store's default.</param>
/// <param name="MaxCountersPerGrant">How many counters one grant may hold; null for the store's default.</param>
public sealed record CounterStoreOpening(string Storage, int? MaxCounters = null, int? MaxCountersPerGrant = null);
