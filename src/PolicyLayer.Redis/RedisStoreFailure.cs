namespace PolicyLayer.Redis;

/// <summary>Why a store in Redis couldn't answer.</summary>
public enum RedisStoreFailure
{
    /// <summary>The server said no; the inner exception says why.</summary>
    Other = 0,

    /// <summary>No answer came within the deadline. What was asked for may still be done.</summary>
    Timeout = 1,

    /// <summary>
    /// There is no connection, or it broke, and what was asked for may have been done; or the server can't serve: it loads its data, is a
    /// replica or part of a cluster that is down, or may not write.
    /// </summary>
    Unavailable = 2,

    /// <summary>The keys hold something that this package didn't write.</summary>
    Damaged = 3,

    /// <summary>The server's memory is full.</summary>
    Full = 4,

    /// <summary>The keys were written by another version of this package, in a form that this one doesn't read.</summary>
    OtherVersion = 5,

    /// <summary>
    /// A counter is one of a week or month of the calendar, and the server's clock, or the latest time that it has told, is neither in the
    /// one of the request's time nor in the next.
    /// </summary>
    ClockApart = 6,
}
