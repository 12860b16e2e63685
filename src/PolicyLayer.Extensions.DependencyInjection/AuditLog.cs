using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using PolicyLayer.Auditing;

namespace PolicyLayer.Extensions.DependencyInjection;

/// <summary>Gives records to the host's loggers. It never fails.</summary>
internal sealed class AuditLog(ILoggerFactory? loggers) : IAuditSink
{
    private static readonly EventId Allowed = new(10, nameof(Allowed));
    private static readonly EventId Denied = new(11, nameof(Denied));
    private static readonly EventId ApprovalRequired = new(12, nameof(ApprovalRequired));
    private static readonly EventId Completed = new(13, nameof(Completed));
    private static readonly EventId Corrected = new(14, nameof(Corrected));
    private static readonly EventId ApprovalEnded = new(15, nameof(ApprovalEnded));
    private static readonly EventId Reloaded = new(16, nameof(Reloaded));

    private readonly ILogger _logger = (ILogger?)loggers?.CreateLogger("PolicyLayer.Audit") ?? NullLogger.Instance;

    public ValueTask WriteAsync(AuditRecord record, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        EventId id = EventOf(record);
        LogLevel level = id == Denied || id == Corrected ? LogLevel.Warning : LogLevel.Information;
        try
        {
            if (_logger.IsEnabled(level))
            {
                _logger.Log(level, id, new AuditLogEntry(record), exception: null, static (entry, _) => entry.ToString());
            }
        }
        catch (Exception)
        {
            // A logger that fails denies no call, and what would be told of it goes to loggers.
        }

        return ValueTask.CompletedTask;
    }

    private static EventId EventOf(AuditRecord record) => (record.Kind, record.DecisionOutcome) switch
    {
        (AuditRecordKind.Completion, _) => Completed,
        (AuditRecordKind.Correction, _) => Corrected,
        (AuditRecordKind.Approval, _) => ApprovalEnded,
        (AuditRecordKind.Reload, _) => Reloaded,
        (_, DecisionOutcome.Allow) => Allowed,
        (_, DecisionOutcome.ApprovalRequired) => ApprovalRequired,
        _ => Denied,
    };
}
