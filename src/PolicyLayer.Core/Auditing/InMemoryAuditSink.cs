namespace PolicyLayer.Auditing;

/// <summary>Keeps the latest records in memory and numbers them, for tests and small hosts. Safe for any number of threads.</summary>
public sealed class InMemoryAuditSink : IAuditSink
{
    private readonly Lock _lock = new();
    private readonly Queue<AuditRecord> _records = new();
    private readonly int _capacity;
    private long _sequence;

    /// <summary>Creates an empty sink.</summary>
    /// <param name="capacity">How many records are kept; beyond it the oldest is dropped. 10,000 by default, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is less than 1.</exception>
    public InMemoryAuditSink(int capacity = 10_000)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _capacity = capacity;
    }

    /// <summary>The records kept, the oldest first: a copy.</summary>
    public IReadOnlyList<AuditRecord> Records
    {
        get
        {
            lock (_lock)
            {
                return [.. _records];
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(AuditRecord record, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            _records.Enqueue(record with { Sequence = ++_sequence });
            if (_records.Count > _capacity)
            {
                _records.Dequeue();
            }
        }

        return ValueTask.CompletedTask;
    }
}
