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

    /// <summary>
    /// False when the sink doesn't have the record for sure. It throws nothing but the caller's cancellation, and completes at once when
    /// the sink does.
    /// </summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public ValueTask<bool> TryWriteAsync(AuditRecord record, CancellationToken cancellationToken)
    {
        var stop = new CancellationTokenSource();
        Wait wait = Wait.Begin(time);
        ValueTask written;
        try
        {
            written = sink.WriteAsync(record, stop.Token);
        }
        catch (Exception e)
        {
            written = ValueTask.FromException(e);
        }

        if (!written.IsCompletedSuccessfully)
        {
            return AwaitAsync(written.AsTask(), stop, wait, record.DecisionId, cancellationToken);
        }

        // What a source of values hands out is to be taken, even if it is nothing.
        written.GetAwaiter().GetResult();
        Succeed(wait);
        return new ValueTask<bool>(true);
    }

    private async ValueTask<bool> AwaitAsync(
        Task written, CancellationTokenSource stop, Wait wait, string decisionId, CancellationToken cancellationToken)
    {
        try
        {
            await written.WaitAsync(timeout, time, cancellationToken).ConfigureAwait(false);
            Succeed(wait);
            return true;
        }
        catch (Exception e)
        {
            bool isGivenUp = e is OperationCanceledException && cancellationToken.IsCancellationRequested;
            if (!isGivenUp)
            {
                _hasFailed = true;
                wait.End(FaultKind.AuditWrite, place, e);
                faults.Tell(FaultKind.AuditWrite, place, e, decisionId);
            }

            if (!written.IsCompleted)
            {
                _ = faults.TellLaterAsync(FaultKind.AuditWrite, place, StopAsync(stop, written), decisionId);
            }

            if (isGivenUp)
            {
                throw;
            }

            return false;
        }
    }

    private void Succeed(in Wait wait)
    {
        wait.End(FaultKind.AuditWrite, place);
        if (_hasFailed)
        {
            _hasFailed = false;
        }
    }

    /// <summary>Callbacks of the sink's run elsewhere: they may hang as it does.</summary>
    private static async Task StopAsync(CancellationTokenSource stop, Task pending)
    {
        await stop.CancelAsync().ConfigureAwait(false);
        await pending.ConfigureAwait(false);
    }
}
