using PolicyLayer.Counters;

namespace PolicyLayer;

/// <summary>What an allowed call leaves behind until the host reports its outcome; with its owner's number, one cache line.</summary>
internal struct OpenCall
{
    /// <summary>What was reserved, by whom and when; without limits when nothing was.</summary>
    public CounterRequest Request;
    public long Stamp;
    public object? State;

    public readonly CounterReservation Reservation => CounterReservation.Admitted(Stamp, State);
}
