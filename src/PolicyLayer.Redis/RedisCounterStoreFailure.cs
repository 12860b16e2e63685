namespace PolicyLayer.Redis;

/// <summary>Why a Redis counter store couldn't answer.</summary>
public enum RedisCounterStoreFailure
{
    /// <summary>The server said no; the inner exception says why.</summary>
    Other = 0,

    /// <summary>No answer came within the deadline. The charge may still be made.</summary>
    Timeout,

    /// <summary>There is no connection, or it broke. The charge may have been made.</summary>
    Unavailable,

    /// <summary>The keys hold something that this package didn't write.</summary>
    Damaged,
}
