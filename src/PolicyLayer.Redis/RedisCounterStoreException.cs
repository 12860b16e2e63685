namespace PolicyLayer.Redis;

/// <summary>A Redis counter store couldn't answer. The engine denies the call with <c>counter_store_unavailable</c>.</summary>
public sealed class RedisCounterStoreException : Exception
{
    /// <summary>Says why.</summary>
    /// <param name="failure">The kind of failure.</param>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">What the client said, if it did.</param>
    public RedisCounterStoreException(RedisCounterStoreFailure failure, string message, Exception? innerException = null)
        : base(message, innerException) => Failure = failure;

    /// <summary>The kind of failure.</summary>
    public RedisCounterStoreFailure Failure { get; }
}
