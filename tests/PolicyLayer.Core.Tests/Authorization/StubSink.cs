using PolicyLayer.Auditing;

namespace PolicyLayer.Tests.Authorization;

/// <summary>A sink that does what a test says, and remembers what it was given.</summary>
internal sealed class StubSink : IAuditSink
{
    public Func<AuditRecord, ValueTask> Write { get; set; } = _ => ValueTask.CompletedTask;

    public List<AuditRecord> Given { get; } = [];

    public List<CancellationToken> Tokens { get; } = [];

    public ValueTask WriteAsync(AuditRecord record, CancellationToken cancellationToken = default)
    {
        lock (Given)
        {
            Given.Add(record);
            Tokens.Add(cancellationToken);
        }

        return Write(record);
    }
}
