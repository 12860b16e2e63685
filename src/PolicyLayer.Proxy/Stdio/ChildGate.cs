namespace PolicyLayer.Proxy.Stdio;

/// <summary>
/// Who may hand something to the process that serves now. It is shut from the end of one process until the next can go on; who is inside
/// then has to leave first, so that what they sent to the one isn't taken for the other's. Safe for any number of threads.
/// </summary>
internal sealed class ChildGate
{
    private readonly Lock _lock = new();
    private TaskCompletionSource<ChildProcess?> _opened = NewDoor();
    private TaskCompletionSource? _emptied;
    private int _inside;

    /// <summary>Waits until there is a process. Who gets one has to leave.</summary>
    /// <returns>The process; null when there will be none any more.</returns>
    public async ValueTask<ChildProcess?> EnterAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task<ChildProcess?> opened;
            lock (_lock)
            {
                opened = _opened.Task;
                if (opened.IsCompleted)
                {
                    return Enter();
                }
            }

            await opened.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The process if there is one at this moment. Who gets one has to leave.</summary>
    public ChildProcess? TryEnter()
    {
        lock (_lock)
        {
            return _opened.Task.IsCompleted ? Enter() : null;
        }
    }

    public void Leave()
    {
        lock (_lock)
        {
            if (--_inside == 0)
            {
                _emptied?.TrySetResult();
            }
        }
    }

    public void Open(ChildProcess child)
    {
        lock (_lock)
        {
            _opened.TrySetResult(child);
        }
    }

    /// <summary>Lets nobody in, and waits until nobody is.</summary>
    public Task ShutAsync()
    {
        lock (_lock)
        {
            if (_opened.Task.IsCompleted)
            {
                _opened = NewDoor();
            }

            if (_inside == 0)
            {
                return Task.CompletedTask;
            }

            _emptied = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _emptied.Task;
        }
    }

    /// <summary>There will be no process any more.</summary>
    public void Remove()
    {
        lock (_lock)
        {
            _opened.TrySetResult(null);
        }
    }

    private static TaskCompletionSource<ChildProcess?> NewDoor() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildProcess? Enter()
    {
        ChildProcess? child = _opened.Task.Result;
        _inside += child is null ? 0 : 1;
        return child;
    }
}
