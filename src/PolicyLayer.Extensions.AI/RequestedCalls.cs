using System.Diagnostics.CodeAnalysis;

namespace PolicyLayer.Extensions.AI;

/// <summary>
/// What waits for an answer: bounded. Where there is no room, the oldest call is forgotten of the caller that has most, so that nobody who
/// asks for much pushes out what others asked for. Safe for any number of threads.
/// </summary>
internal sealed class RequestedCalls(int capacity)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<Kept>> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<ChatCaller, LinkedList<Kept>> _byCaller = [];
    private long _last;

    public void Add(RequestedCall call)
    {
        lock (_lock)
        {
            if (_byId.Count == capacity)
            {
                Remove(_byCaller.Values.MaxBy(calls => (calls.Count, -calls.First!.Value.Number))!.First!);
            }

            if (!_byCaller.TryGetValue(call.Caller, out LinkedList<Kept>? own))
            {
                _byCaller.Add(call.Caller, own = new LinkedList<Kept>());
            }

            _byId.Add(call.Id, own.AddLast(new Kept(call, ++_last)));
        }
    }

    public bool TryFind(string id, [NotNullWhen(true)] out RequestedCall? call)
    {
        lock (_lock)
        {
            call = _byId.GetValueOrDefault(id)?.Value.Call;
            return call is not null;
        }
    }

    /// <summary>Takes a call out: of all who answer it, one does.</summary>
    public bool TryTake(RequestedCall call)
    {
        lock (_lock)
        {
            if (!_byId.TryGetValue(call.Id, out LinkedListNode<Kept>? node))
            {
                return false;
            }

            Remove(node);
            return true;
        }
    }

    private void Remove(LinkedListNode<Kept> node)
    {
        RequestedCall call = node.Value.Call;
        _byId.Remove(call.Id);
        LinkedList<Kept> own = node.List!;
        own.Remove(node);
        if (own.Count == 0)
        {
            _byCaller.Remove(call.Caller);
        }
    }

    private sealed record Kept(RequestedCall Call, long Number);
}
