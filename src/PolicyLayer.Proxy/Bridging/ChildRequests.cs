using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Proxy.Bridging;

/// <summary>The requests that a child has. Safe for any number of threads.</summary>
internal sealed class ChildRequests
{
    /// <summary>So many at a time.</summary>
    public const int Max = 4096;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, ChildRequest> _byNumber = [];
    private long _last;

    /// <summary>An id that no request of the child's had.</summary>
    public long NextNumber() => Interlocked.Increment(ref _last);

    /// <summary>Takes one down.</summary>
    /// <returns>False where the child has too many.</returns>
    public bool TryAdd(ChildRequest request)
    {
        lock (_lock)
        {
            return _byNumber.Count < Max && _byNumber.TryAdd(ChildText.KeyOf(request.Number), request);
        }
    }

    /// <summary>The request that a value of the child's names; null for none.</summary>
    public ChildRequest? Find(JsonRpcId? number)
    {
        lock (_lock)
        {
            return number is { } id ? _byNumber.GetValueOrDefault(id.Key) : null;
        }
    }

    /// <summary>The first that is so; null for none.</summary>
    public ChildRequest? Find(Func<ChildRequest, bool> isSo)
    {
        lock (_lock)
        {
            return _byNumber.Values.FirstOrDefault(isSo);
        }
    }

    /// <summary>Takes out what an answer is for; null for none.</summary>
    public ChildRequest? Take(JsonRpcId id)
    {
        lock (_lock)
        {
            return _byNumber.Remove(id.Key, out ChildRequest? request) ? request : null;
        }
    }

    /// <summary>Takes one out.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Remove(ChildRequest request)
    {
        lock (_lock)
        {
            return _byNumber.Remove(ChildText.KeyOf(request.Number));
        }
    }

    /// <summary>Takes all of them out.</summary>
    public IReadOnlyList<ChildRequest> TakeAll()
    {
        lock (_lock)
        {
            ChildRequest[] all = [.. _byNumber.Values];
            _byNumber.Clear();
            return all;
        }
    }
}
