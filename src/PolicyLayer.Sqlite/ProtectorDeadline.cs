namespace PolicyLayer.Sqlite;

/// <summary>The time that a protector has for all contents of one operation: it may ask another machine.</summary>
internal sealed class ProtectorDeadline : IDisposable
{
    private readonly CancellationTokenSource _late;
    private readonly CancellationTokenSource _either;

    public ProtectorDeadline(SqliteApprovalStoreOptions options, CancellationToken cancellationToken)
    {
        _late = new CancellationTokenSource(options.Deadline, options.TimeProvider);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_late.Token, cancellationToken);
    }

    public CancellationToken Token => _either.Token;

    /// <exception cref="OperationCanceledException">It was given up.</exception>
    /// <exception cref="TimeoutException">The time is over.</exception>
    public async ValueTask<T> WaitAsync<T>(ValueTask<T> work)
    {
        if (work.IsCompletedSuccessfully)
        {
            return work.Result;
        }

        try
        {
            return await work.AsTask().WaitAsync(Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (_late.IsCancellationRequested)
        {
            throw new TimeoutException("The protector of contents took longer than the deadline.", e);
        }
    }

    public void Dispose()
    {
        _either.Dispose();
        _late.Dispose();
    }
}
