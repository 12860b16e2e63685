namespace PolicyLayer.Authorization.Pipeline;

/// <summary>
/// The requests for approval that are open, by their ids and by when to look at them. Bounded, and safe for any number of threads.
/// </summary>
/// <param name="capacity">How many there may be.</param>
internal sealed class OpenRequests(int capacity)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, OpenRequest> _byId = new(StringComparer.Ordinal);
    private readonly PriorityQueue<OpenRequest, DateTimeOffset> _byLook = new();

    /// <summary>The one that is looked at next, and when; null while there is none.</summary>
    public (OpenRequest Request, DateTimeOffset Time)? Next
    {
        get
        {
            lock (_lock)
            {
                return _byLook.TryPeek(out OpenRequest? request, out DateTimeOffset time) ? (request, time) : null;
            }
        }
    }

    /// <summary>False when there is no room, or one with its id.</summary>
    public bool TryAdd(OpenRequest request, DateTimeOffset look)
    {
        lock (_lock)
        {
            if (_byId.Count == capacity || !_byId.TryAdd(request.Id, request))
            {
                return false;
            }

            _byLook.Enqueue(request, look);
            return true;
        }
    }

    public OpenRequest? Find(string id)
    {
        lock (_lock)
        {
            return _byId.GetValueOrDefault(id);
        }
    }

    /// <summary>Forgets one of which nothing more is to be learnt, so that others have its room.</summary>
    public void Remove(OpenRequest request)
    {
        lock (_lock)
        {
            if (_byLook.Remove(request, out _, out _))
            {
                _byId.Remove(request.Id);
            }
        }
    }

    /// <summary>Takes one that is to be looked at, for <see cref="PutBack"/> afterwards; it can be found meanwhile.</summary>
    public OpenRequest? TakeDue(DateTimeOffset now)
    {
        lock (_lock)
        {
            return _byLook.TryPeek(out _, out DateTimeOffset look) && look <= now ? _byLook.Dequeue() : null;
        }
    }

    /// <summary>Puts it back for another look; forgets it where there is to be none.</summary>
    public void PutBack(OpenRequest request, DateTimeOffset? look)
    {
        lock (_lock)
        {
            if (look is { } time)
            {
                _byLook.Enqueue(request, time);
            }
            else
            {
                _byId.Remove(request.Id);
            }
        }
    }
}
