namespace PolicyLayer.Cli.Calls;

/// <summary>The decisions that a later line may report or answer: the latest ones, so that a long stream needn't be held.</summary>
internal sealed class DecisionHistory
{
    private readonly Recent<ToolCallDecision> _open = new();
    private readonly Recent<string> _approvals = new();
    private readonly Recent<bool> _known = new();

    /// <summary>The latest call, whatever became of it; null before the first one.</summary>
    public ToolCallDecision? Latest { get; private set; }

    public void Add(in ToolCallDecision decision)
    {
        Latest = decision;
        _known.Add(decision.DecisionId, true);
        if (decision.IsAllowed)
        {
            _open.Add(decision.DecisionId, decision);
        }

        if (decision.ApprovalId is { } approval)
        {
            _approvals.Add(decision.DecisionId, approval);
        }
    }

    /// <summary>Whether a decision is one of the run's latest.</summary>
    public bool Knows(string id) => _known.ById.ContainsKey(id);

    /// <summary>The approval that a line is about; null where the latest call asked for none, or there is none.</summary>
    /// <param name="target"><c>last</c>, a decision id or an approval id.</param>
    public string? FindApproval(string target) => _approvals.ById.GetValueOrDefault(IdOf(target)) ?? (target == "last" ? null : target);

    /// <summary>Takes an allowed call that hasn't been reported.</summary>
    /// <param name="target"><c>last</c> or a decision id.</param>
    /// <param name="decision">The decision.</param>
    public bool TryTake(string target, out ToolCallDecision decision) => _open.ById.Remove(IdOf(target), out decision);

    /// <summary>The decision that a line is about.</summary>
    /// <param name="target"><c>last</c>, or an id.</param>
    public string IdOf(string target) => target == "last" ? Latest?.DecisionId ?? "" : target;

    /// <summary>What the latest decisions have, by their ids.</summary>
    private sealed class Recent<T>
    {
        // As many as an authorizer holds open.
        private const int Capacity = 65_536;

        private readonly Queue<string> _order = new();

        public Dictionary<string, T> ById { get; } = new(StringComparer.Ordinal);

        public void Add(string id, T item)
        {
            ById.Add(id, item);
            _order.Enqueue(id);
            if (_order.Count > Capacity)
            {
                ById.Remove(_order.Dequeue());
            }
        }
    }
}
