using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Proxy.Guarding;

/// <summary>
/// The requests of one conversation that aren't answered yet, and the last of those that nobody waits for any more: their answers may still
/// come, say what became of a call, and are taken for no other request's. Safe for any number of threads.
/// </summary>
internal sealed class PendingRequests
{
    /// <summary>So many requests one client may have open.</summary>
    public const int Max = 4096;

    /// <summary>So many bytes are kept for them, unless it is one alone.</summary>
    public const int MaxHeldBytes = 64 * 1024 * 1024;

    /// <summary>So many are kept that nobody waits for.</summary>
    public const int MaxAbandoned = 4096;

    private readonly Lock _lock = new();
    private readonly Dictionary<JsonRpcId, PendingRequest> _open = [];
    private readonly Dictionary<JsonRpcId, LinkedListNode<PendingRequest>> _abandoned = [];
    private readonly LinkedList<PendingRequest> _inOrder = new();
    private long _heldBytes;

    /// <summary>How many there are, waited for or not.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _open.Count + _abandoned.Count;
            }
        }
    }

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
    /// <param name="request">The request.</param>
    /// <param name="isWaitedFor">Whether the client waits for one of this id, or its twin, so that no other answer may have it.</param>
    /// <returns>Why it can't be; null for none.</returns>
    public MessageFault? TryAdd(PendingRequest request, out bool isWaitedFor)
    {
        lock (_lock)
        {
            // INVARIANT: no two have ids that one answer may be for: it would settle the call that it isn't for.
            JsonRpcId twin = request.Id.Twin() ?? request.Id;
            isWaitedFor = _open.ContainsKey(request.Id) || _open.ContainsKey(twin);
            if (isWaitedFor || _abandoned.ContainsKey(request.Id) || _abandoned.ContainsKey(twin))
            {
                return MessageFault.IdInUse;
            }

            if (_open.Count >= Max || (_heldBytes > 0 && _heldBytes + request.HeldBytes > MaxHeldBytes))
            {
                return MessageFault.TooMany;
            }

            _open.Add(request.Id, request);
            _heldBytes += request.HeldBytes;
            return null;
        }
    }

    /// <summary>A call was allowed.</summary>
    /// <returns>Whether its client still waits for it; else it is forgotten.</returns>
    public bool TryAllow(PendingRequest request, JudgedCall call)
    {
        lock (_lock)
        {
            if (_open.GetValueOrDefault(request.Id) != request)
            {
                Forget(request);
                return false;
            }

            request.Call = call;
            return true;
        }
    }

    /// <summary>A request won't reach the server.</summary>
    /// <returns>Whether its client still waits for it.</returns>
    public bool Remove(PendingRequest request)
    {
        lock (_lock)
        {
            if (_open.GetValueOrDefault(request.Id) == request)
            {
                return TakeOpen(request.Id) is not null;
            }

            Forget(request);
            return false;
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

    /// <summary>The id of the request that an answer is for: with its own id, or else the other way to write that.</summary>
    /// <returns>Its own where there is none.</returns>
    public JsonRpcId RequestOf(JsonRpcId answer)
    {
        lock (_lock)
        {
            return Find(answer) ?? (answer.Twin() is { } twin ? Find(twin) : null) ?? answer;
        }

        JsonRpcId? Find(JsonRpcId id) => (_open.GetValueOrDefault(id) ?? _abandoned.GetValueOrDefault(id)?.Value)?.Id;
    }

    /// <summary>Takes out what an answer is for; null for none that is waited for.</summary>
    public PendingRequest? TakeAnswered(JsonRpcId answer)
    {
        lock (_lock)
        {
            return TakeOpen(RequestOf(answer));
        }
    }

    /// <summary>Takes out a request; null for none.</summary>
    public PendingRequest? Take(JsonRpcId id)
    {
        lock (_lock)
        {
            return TakeOpen(id);
        }
    }

    /// <summary>Takes out what a late answer is for, which nobody waits for; null for none.</summary>
    public PendingRequest? TakeAbandoned(JsonRpcId answer)
    {
        lock (_lock)
        {
            PendingRequest? request = _abandoned.GetValueOrDefault(RequestOf(answer))?.Value;
            if (request is not null)
            {
                Forget(request);
            }

            return request;
        }
    }

    /// <summary>Nobody waits for an answer any more.</summary>
    /// <param name="id">The request's id.</param>
    /// <param name="forgotten">The call of which nothing will be known any more, as too many came after it; null for none.</param>
    /// <returns>Whether it was waited for.</returns>
    public bool Abandon(JsonRpcId id, out JudgedCall? forgotten)
    {
        lock (_lock)
        {
            forgotten = null;
            if (TakeOpen(id) is not { } request)
            {
                return false;
            }

            request.Call?.Release();
            _abandoned.Add(request.Id, _inOrder.AddLast(request));
            if (_abandoned.Count > MaxAbandoned)
            {
                PendingRequest oldest = _inOrder.First!.Value;
                Forget(oldest);
                forgotten = oldest.Call;
            }

            return true;
        }
    }

    /// <summary>Takes all of them out.</summary>
    public (IReadOnlyList<PendingRequest> Open, IReadOnlyList<PendingRequest> Abandoned) TakeAll()
    {
        lock (_lock)
        {
            PendingRequest[] open = [.. _open.Values];
            PendingRequest[] abandoned = [.. _inOrder];
            _open.Clear();
            _abandoned.Clear();
            _inOrder.Clear();
            _heldBytes = 0;
            return (open, abandoned);
        }
    }

    private PendingRequest? TakeOpen(JsonRpcId id)
    {
        if (!_open.Remove(id, out PendingRequest? request))
        {
            return null;
        }

        _heldBytes -= request.HeldBytes;
        return request;
    }

    private void Forget(PendingRequest request)
    {
        if (_abandoned.TryGetValue(request.Id, out LinkedListNode<PendingRequest>? node) && node.Value == request)
        {
            _abandoned.Remove(request.Id);
            _inOrder.Remove(node);
        }
    }
}
