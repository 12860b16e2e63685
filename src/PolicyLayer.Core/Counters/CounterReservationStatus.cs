namespace PolicyLayer.Counters;

/// <summary>How a store answered a request.</summary>
public enum CounterReservationStatus
{
    /// <summary>No answer: the engine denies the call as if the store had failed.</summary>
    None = 0,

    /// <summary>Every demand was charged; or would have been, if the request only looks.</summary>
    Admitted = 1,

    /// <summary>At least one demand didn't fit; nothing was charged.</summary>
    Refused = 2,

    /// <summary>A counter that doesn't exist yet would be one too many; nothing was charged.</summary>
    AtCapacity = 3,
}
