using System.Collections.Concurrent;

namespace PolicyLayer.Auditing;

/// <summary>Keeps the latest records in memory, for tests and small hosts. Safe for any number of threads.</summary>
public sealed class InMemoryAuditSink : IAuditSink
{
    private readonly ConcurrentQueue<AuditRecord> _records = new();
    private readonly int _capacity;

    /// <summary>Creates an empty sink.</summary>
    /// <param name="capacity">How many records are kept; beyond it the oldest is dropped. 10,000 by default, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is less than 1.</exception>
    public InMemoryAuditSink(int capacity = 10_000)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _capacity = capacity;
    }

    /// <summary>The records kept, the oldest first: a copy.</summary>
    public IReadOnlyList<AuditRecord> Records => [.. _records];

    /// <inheritdoc/>
    public ValueTask WriteAsync(AuditRecord record, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        cancellationToken.ThrowIfCancellationRequested();
        _records.Enqueue(record);
        if (_records.Count > _capacity)
        {
            _records.TryDequeue(out _);
        }

        return ValueTask.CompletedTask;
    }
}
