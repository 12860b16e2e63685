using PolicyLayer.Counters;

namespace PolicyLayer;

/// <summary>What an allowed call leaves behind until the host reports its outcome.</summary>
internal struct OpenCall
{
    public CounterRequest Request;
    public CounterReservation Reservation;
    public string? SessionId;
    public long Time;
}
