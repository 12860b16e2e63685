using System.Diagnostics;

namespace PolicyLayer.Counters;

/// <summary>An admitted request whose call never ran, to be given back. Immutable.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public readonly struct CounterRelease
{
    /// <summary>Describes a release.</summary>
    /// <param name="request">The request, as it was admitted.</param>
    /// <param name="reservation">The store's own answer to it.</param>
    public CounterRelease(CounterRequest request, CounterReservation reservation)
    {
        Request = request;
        Reservation = reservation;
    }

    /// <summary>The request, as it was admitted.</summary>
    public CounterRequest Request { get; }

    /// <summary>The store's own answer to it.</summary>
    public CounterReservation Reservation { get; }

    /// <summary>The request, as it says itself.</summary>
    public override string ToString() => Request.ToString();
}
