namespace PolicyLayer.Authorization.Pipeline;

/// <summary>Work that goes on though its caller stops waiting for it. It is bounded, and never throws, by itself.</summary>
internal static class Background
{
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public static ValueTask WaitAsync(ValueTask work, CancellationToken cancellationToken) =>
        work.IsCompleted ? work : new ValueTask(work.AsTask().WaitAsync(cancellationToken));
}
