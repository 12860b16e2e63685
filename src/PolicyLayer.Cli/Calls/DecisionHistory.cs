namespace PolicyLayer.Cli.Calls;

/// <summary>The decisions that a later line may report or answer: the latest ones, so that a long stream needn't be held.</summary>
internal sealed class DecisionHistory
{
    // As many as an authorizer holds open.
    private const int Capacity = 65_536;

    private readonly Dictionary<string, ToolCallDecision> _open = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();
    private readonly Dictionary<string, string> _approvals = new(StringComparer.Ordinal);
    private readonly Queue<string> _asked = new();
    private string? _last;

    /// <summary>The latest call, whatever became of it; null before the first one.</summary>
    public ToolCallDecision? Latest { get; private set; }

    public void Add(in ToolCallDecision decision)
    {
        Latest = decision;
        _last = decision.DecisionId;
        if (decision.IsAllowed)
        {
            _open.Add(_last, decision);
            _order.Enqueue(_last);
            if (_order.Count > Capacity)
            {
                _open.Remove(_order.Dequeue());
            }
        }

        if (decision.ApprovalId is { } approval)
        {
            _approvals.Add(_last, approval);
            _asked.Enqueue(_last);
            if (_asked.Count > Capacity)
            {
                _approvals.Remove(_asked.Dequeue());
            }
        }
    }

    /// <summary>The approval that a line is about; null where the latest call asked for none, or there is none.</summary>
    /// <param name="target"><c>last</c>, a decision id or an approval id.</param>
    public string? FindApproval(string target) =>
        target == "last" ? _approvals.GetValueOrDefault(_last ?? "") : _approvals.GetValueOrDefault(target, target);

    /// <summary>Takes an allowed call that hasn't been reported.</summary>
    /// <param name="target"><c>last</c> or a decision id.</param>
    /// <param name="decision">The decision.</param>
    public bool TryTake(string target, out ToolCallDecision decision) =>
        _open.Remove(target == "last" ? _last ?? "" : target, out decision);
}
