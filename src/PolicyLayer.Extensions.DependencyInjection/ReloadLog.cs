using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace PolicyLayer.Extensions.DependencyInjection;

/// <summary>Logs what came of reading policies and grants anew. It never fails.</summary>
internal sealed class ReloadLog(ILoggerFactory? loggers)
{
    // The reloader tells of one attempt after the other.
    private bool _wasRejected;

    private readonly ILogger _logger = (ILogger?)loggers?.CreateLogger("PolicyLayer") ?? NullLogger.Instance;

    public void Write(PolicyReloadAttempt attempt)
    {
        try
        {
            bool wasRejected = _wasRejected;
            _wasRejected = !attempt.IsApplied;
            if (attempt.IsApplied)
            {
                WriteChanges(attempt.Documents, attempt.Reload);
                if (wasRejected)
                {
                    PolicyLog.RightAgain(_logger);
                }
            }
            else
            {
                PolicyLog.ReloadRejected(_logger, attempt.Failure);
            }
        }
        catch (Exception)
        {
            // A logger that fails keeps no policy out of force.
        }
    }

    private void WriteChanges(PolicyBundleResult documents, PolicyReload reload)
    {
        foreach (DocumentFindings document in documents.Documents)
        {
            foreach (PolicyDiagnostic finding in document.Diagnostics)
            {
                PolicyLog.Warning(_logger, finding.ToString(document.Source.Name));
            }
        }

        foreach (PolicyChange change in reload.Policies)
        {
            WriteChange(change);
        }

        if (reload.Grants is { } grants)
        {
            PolicyLog.GrantsReloaded(_logger, grants.Added, grants.Changed, grants.Removed);
        }
    }

    private void WriteChange(PolicyChange change)
    {
        string counters = change.NewCounters.Count == 0 ? "none" : string.Join(", ", change.NewCounters);
        if (change.NewRevision is not { } revision)
        {
            PolicyLog.Removed(_logger, change.Name, change.OldRevision!);
        }
        else if (change.OldRevision is { } old)
        {
            PolicyLog.Reloaded(_logger, change.Name, revision, old, counters);
        }
        else
        {
            PolicyLog.Added(_logger, change.Name, revision, counters);
        }
    }
}
