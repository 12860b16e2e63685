namespace PolicyLayer.Auditing.JsonLines;

/// <summary>A record that waits to be written. Its task ends when it was, couldn't be, or its caller gave up.</summary>
internal sealed class PendingWrite(AuditRecord record) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public AuditRecord Record { get; } = record;
}
