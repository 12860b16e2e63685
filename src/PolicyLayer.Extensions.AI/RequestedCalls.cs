using System.Diagnostics.CodeAnalysis;

namespace PolicyLayer.Extensions.AI;

/// <summary>What waits for an answer: bounded, the oldest is forgotten. Safe for any number of threads.</summary>
internal sealed class RequestedCalls(int capacity)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<RequestedCall>> _byId = new(StringComparer.Ordinal);
    private readonly LinkedList<RequestedCall> _byAge = new();

    public void Add(RequestedCall call)
    {
        lock (_lock)
        {
            if (_byId.Count == capacity)
            {
                _byId.Remove(_byAge.First!.Value.Id);
                _byAge.RemoveFirst();
            }

            _byId.Add(call.Id, _byAge.AddLast(call));
        }
    }

    public bool TryFind(string id, [NotNullWhen(true)] out RequestedCall? call)
    {
        lock (_lock)
        {
            call = _byId.GetValueOrDefault(id)?.Value;
            return call is not null;
        }
    }

    /// <summary>Takes a call out: of all who answer it, one does.</summary>
    public bool TryTake(RequestedCall call)
    {
        lock (_lock)
        {
            if (!_byId.Remove(call.Id, out LinkedListNode<RequestedCall>? node))
            {
                return false;
            }

            _byAge.Remove(node);
            return true;
        }
    }
}
