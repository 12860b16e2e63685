namespace PolicyLayer.Sqlite;

/// <summary>A SQLite counter store couldn't answer. The engine denies the call with <c>counter_store_unavailable</c>.</summary>
public sealed class SqliteCounterStoreException : Exception
{
    /// <summary>Says why.</summary>
    /// <param name="failure">The kind of failure.</param>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">What SQLite said, if it did.</param>
    public SqliteCounterStoreException(SqliteCounterStoreFailure failure, string message, Exception? innerException = null)
        : base(message, innerException) => Failure = failure;

    /// <summary>The kind of failure.</summary>
    public SqliteCounterStoreFailure Failure { get; }
}
