using PolicyLayer.Telemetry;

namespace PolicyLayer.Auditing;

/// <summary>
/// Gives one sink its time to take a record. A sink that takes longer is told to stop and not waited for: what it does with the record
/// then, nobody knows.
/// </summary>
internal sealed class TimedSink(IAuditSink sink, string place, TimeSpan timeout, TimeProvider time, FaultReporter faults)
{
    private volatile bool _hasFailed;

    /// <summary>What the authorizer's options call the sink.</summary>
    public string Place => place;

    /// <summary>Whether its last write failed.</summary>
    public bool HasFailed => _hasFailed;

    /// <summary>False when the sink doesn't have the record for sure. It throws nothing but the caller's cancellation.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async ValueTask<bool> TryWriteAsync(AuditRecord record, CancellationToken cancellationToken)
    {
        var stop = new CancellationTokenSource();
        Task? pending = null;
        Wait wait = Wait.Begin(time);
        try
        {
            ValueTask written = sink.WriteAsync(record, stop.Token);
            if (written.IsCompleted)
            {
                written.GetAwaiter().GetResult();
            }
            else
            {
                pending = written.AsTask();
                await pending.WaitAsync(timeout, time, cancellationToken).ConfigureAwait(false);
            }

            wait.End(FaultKind.AuditWrite, place);
            if (_hasFailed)
            {
                _hasFailed = false;
            }

            return true;
        }
        catch (Exception e)
        {
            bool isGivenUp = e is OperationCanceledException && cancellationToken.IsCancellationRequested;
            if (!isGivenUp)
            {
                _hasFailed = true;
                wait.End(FaultKind.AuditWrite, place, e);
                faults.Tell(FaultKind.AuditWrite, place, e, record.DecisionId);
            }

            if (pending is { IsCompleted: false })
            {
                _ = faults.TellLaterAsync(FaultKind.AuditWrite, place, StopAsync(stop, pending), record.DecisionId);
            }

            if (isGivenUp)
            {
                throw;
            }

            return false;
        }
    }

    /// <summary>Callbacks of the sink's run elsewhere: they may hang as it does.</summary>
    private static async Task StopAsync(CancellationTokenSource stop, Task pending)
    {
        await stop.CancelAsync().ConfigureAwait(false);
        await pending.ConfigureAwait(false);
    }
}
