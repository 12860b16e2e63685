namespace PolicyLayer.Sqlite;

/// <summary>
/// A store in SQLite couldn't answer. The engine denies the call: with <c>counter_store_unavailable</c> where it keeps counters, with
/// <c>approval_store_unavailable</c> where it keeps approvals.
/// </summary>
public sealed class SqliteStoreException : Exception
{
    /// <summary>Says why.</summary>
    /// <param name="failure">The kind of failure.</param>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">What SQLite said, if it did.</param>
    public SqliteStoreException(SqliteStoreFailure failure, string message, Exception? innerException = null)
        : base(message, innerException) => Failure = failure;

    /// <summary>The kind of failure.</summary>
    public SqliteStoreFailure Failure { get; }
}
