using PolicyLayer.Authorization.Decisions;

namespace PolicyLayer.Authorization.Pipeline;

/// <summary>
/// The allowed calls that may be continued, by the decision that a call would have to name. Bounded: the oldest makes room, and a call that
/// would go on with it is one of its own.
/// </summary>
internal sealed class Continuations(int capacity, TimeSpan window, HostClock clock)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<DecisionId, LinkedListNode<Kept>> _byId = [];
    private readonly LinkedList<Kept> _byAge = [];

    /// <summary>How many there are, those included that nobody can go on with any more.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _byId.Count;
            }
        }
    }

    public void Keep(DecisionId decision, LogicalCall call)
    {
        lock (_lock)
        {
            while (_byAge.First is { } oldest && (_byId.Count >= capacity || IsOver(oldest.Value.Call, decision)))
            {
                Remove(oldest);
            }

            _byId.Add(decision.Unplaced, _byAge.AddLast(new Kept(decision.Unplaced, call)));
        }
    }

    /// <summary>What a call goes on with that names a decision; null for a call of its own.</summary>
    /// <param name="decisionId">The decision's id.</param>
    /// <param name="identity">What both must have in common.</param>
    /// <param name="id">The number that the call's decision will have.</param>
    public (LogicalCall Call, DecisionId From)? Find(string decisionId, CallIdentity identity, DecisionId id)
    {
        lock (_lock)
        {
            return DecisionId.TryParse(decisionId, out DecisionId decision)
                && _byId.TryGetValue(decision, out LinkedListNode<Kept>? node)
                && node.Value.Call.IsOf(identity)
                && !IsOver(node.Value.Call, id)
                    ? (node.Value.Call, node.Value.Decision)
                    : null;
        }
    }

    /// <summary>Forgets a decision that was continued, or reported.</summary>
    public void Forget(DecisionId decision)
    {
        lock (_lock)
        {
            if (_byId.TryGetValue(decision.Unplaced, out LinkedListNode<Kept>? node))
            {
                Remove(node);
            }
        }
    }

    // A clock that failed has no say: then nothing goes on.
    private bool IsOver(LogicalCall call, DecisionId id) => clock.ElapsedSince(call.Started, id) is not { } elapsed || elapsed >= window;

    private void Remove(LinkedListNode<Kept> node)
    {
        _byId.Remove(node.Value.Decision);
        _byAge.Remove(node);
    }

    private readonly record struct Kept(DecisionId Decision, LogicalCall Call);
}
