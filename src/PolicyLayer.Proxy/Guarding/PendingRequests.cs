using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Proxy.Guarding;

/// <summary>
/// The requests of one conversation that aren't answered yet, and the last of those that nobody waits for any more: their answers may still
/// come, and say what became of a call. Safe for any number of threads.
/// </summary>
internal sealed class PendingRequests
{
    /// <summary>So many requests one client may have open.</summary>
    public const int Max = 4096;

    private const int MaxAbandoned = 256;

    private readonly Lock _lock = new();
    private readonly Dictionary<JsonRpcId, PendingRequest> _open = [];
    private readonly Queue<PendingRequest> _abandoned = new();

    /// <summary>Whether all are answered, or nobody waits for them any more.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_lock)
            {
                return _open.Count == 0;
            }
        }
    }

    /// <summary>Takes a request down.</summary>
    /// <returns>Why it can't be; null for none.</returns>
    public MessageFault? TryAdd(PendingRequest request)
    {
        lock (_lock)
        {
            if (_open.Count >= Max)
            {
                return MessageFault.TooMany;
            }

            return _open.TryAdd(request.Id, request) ? null : MessageFault.IdInUse;
        }
    }

    /// <summary>The request that has an id; null for none.</summary>
    public PendingRequest? Find(JsonRpcId id)
    {
        lock (_lock)
        {
            return _open.GetValueOrDefault(id);
        }
    }

    /// <summary>Those that wait for news of the list of tools.</summary>
    public IReadOnlyList<JsonRpcId> Listening()
    {
        lock (_lock)
        {
            return [.. _open.Values.Where(request => request.IsListening).Select(request => request.Id)];
        }
    }

    /// <summary>Takes out what an answer is for; null for none.</summary>
    public PendingRequest? Take(JsonRpcId id)
    {
        lock (_lock)
        {
            return _open.Remove(id, out PendingRequest? request) ? request : null;
        }
    }

    /// <summary>Nobody waits for an answer any more.</summary>
    /// <returns>The call of which nothing will be known any more, as too many came after it; null for none.</returns>
    public JudgedCall? Abandon(PendingRequest request)
    {
        lock (_lock)
        {
            if (request.Call is null)
            {
                return null;
            }

            _abandoned.Enqueue(request);
            return _abandoned.Count > MaxAbandoned ? _abandoned.Dequeue().Call : null;
        }
    }

    /// <summary>The call that nobody waits for and that a late answer is about; null for none.</summary>
    public JudgedCall? FindAbandoned(JsonRpcId id)
    {
        lock (_lock)
        {
            return _abandoned.LastOrDefault(request => request.Id.Equals(id))?.Call;
        }
    }

    /// <summary>Takes all of them out; those that are still waited for come first.</summary>
    public (IReadOnlyList<PendingRequest> Open, IReadOnlyList<PendingRequest> Abandoned) TakeAll()
    {
        lock (_lock)
        {
            PendingRequest[] open = [.. _open.Values];
            PendingRequest[] abandoned = [.. _abandoned];
            _open.Clear();
            _abandoned.Clear();
            return (open, abandoned);
        }
    }
}
