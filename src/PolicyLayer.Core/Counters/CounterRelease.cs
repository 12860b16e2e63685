namespace PolicyLayer.Counters;

/// <summary>An admitted request whose call never ran, to be given back.</summary>
/// <param name="Request">The request, as it was admitted.</param>
/// <param name="Reservation">The store's own answer to it.</param>
public readonly record struct CounterRelease(CounterRequest Request, CounterReservation Reservation);
