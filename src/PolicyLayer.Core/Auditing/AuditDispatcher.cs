namespace PolicyLayer.Auditing;

/// <summary>Hands records to every sink in turn, numbered.</summary>
internal sealed class AuditDispatcher(IReadOnlyList<IAuditSink> sinks)
{
    private readonly IAuditSink[] _sinks = [.. sinks];
    private long _sequence;

    /// <summary>Writes a decision to every sink. When one fails after others have an allow, those get a correction; then the failure propagates.</summary>
    public async ValueTask WriteDecisionAsync(AuditRecord record, AuditRecord? correction, CancellationToken cancellationToken)
    {
        record = Number(record);
        int written = 0;
        try
        {
            foreach (IAuditSink sink in _sinks)
            {
                await sink.WriteAsync(record, cancellationToken).ConfigureAwait(false);
                written++;
            }
        }
        catch when (correction is not null)
        {
            // A sink that was cancelled or failed may have the record all the same, so it hears of the correction too.
            await CorrectAsync(correction, Math.Min(written + 1, _sinks.Length)).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Writes an outcome to every sink, whether or not another fails: the call has run, and nothing can be taken back.</summary>
    public async ValueTask WriteOutcomeAsync(AuditRecord record, CancellationToken cancellationToken)
    {
        record = Number(record);
        foreach (IAuditSink sink in _sinks)
        {
            try
            {
                await sink.WriteAsync(record, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception) when (!cancellationToken.IsCancellationRequested)
            {
                // The other sinks get the record.
            }
        }
    }

    private async ValueTask CorrectAsync(AuditRecord correction, int count)
    {
        correction = Number(correction);
        for (int i = 0; i < count; i++)
        {
            try
            {
                await _sinks[i].WriteAsync(correction, CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception)
            {
                // The call is denied already; a sink that doesn't take the correction either can't be told.
            }
        }
    }

    private AuditRecord Number(AuditRecord record) => record with { Sequence = Interlocked.Increment(ref _sequence) };
}
