namespace PolicyLayer.Auditing.Verification;

/// <summary>Sees each line of a log that holds in the chain, in order.</summary>
internal interface ILineObserver
{
    /// <summary>Takes a line; what it returns ends the walk.</summary>
    ValueTask<AuditLogFault?> TakeAsync(ReadOnlyMemory<byte> line, long sequence, CancellationToken cancellationToken);
}
