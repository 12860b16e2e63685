namespace PolicyLayer.Auditing;

/// <summary>Hands records to every sink in turn, numbered.</summary>
internal sealed class AuditDispatcher(IReadOnlyList<IAuditSink> sinks)
{
    private readonly IAuditSink[] _sinks = [.. sinks];
    private long _sequence;

    /// <summary>Writes an allow, which every sink must have. When one fails, all get the correction; then the failure propagates.</summary>
    public async ValueTask WriteAllowAsync(AuditRecord record, AuditRecord correction, CancellationToken cancellationToken)
    {
        record = Number(record);
        try
        {
            foreach (IAuditSink sink in _sinks)
            {
                await sink.WriteAsync(record, cancellationToken).ConfigureAwait(false);
            }
        }
        catch
        {
            // A sink that failed may have the allow all the same, and those behind it should know of the call.
            await WriteAsync(correction, CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Writes what nothing can be done about, a denial or an outcome, to every sink, whether or not another fails.</summary>
    /// <exception cref="OperationCanceledException">The host gave up.</exception>
    public async ValueTask WriteAsync(AuditRecord record, CancellationToken cancellationToken)
    {
        record = Number(record);
        foreach (IAuditSink sink in _sinks)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                await sink.WriteAsync(record, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                // The other sinks get the record.
            }
        }
    }

    private AuditRecord Number(AuditRecord record) => record with { Sequence = Interlocked.Increment(ref _sequence) };
}
