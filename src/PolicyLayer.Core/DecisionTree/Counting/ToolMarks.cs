namespace PolicyLayer.DecisionTree.Counting;

/// <summary>The marks that calls of one tool leave, because orders of a policy ask for them; each once, however many orders do.</summary>
internal sealed class ToolMarks
{
    private readonly HashSet<MarkIdentity> _known = [];
    private readonly List<MarkNode> _ofAllowed = [];
    private readonly List<MarkNode> _ofSuccess = [];

    /// <summary>Those that a call leaves when it is allowed.</summary>
    public IReadOnlyList<MarkNode> OfAllowed => _ofAllowed;

    /// <summary>Those that it leaves when it is reported to have succeeded.</summary>
    public IReadOnlyList<MarkNode> OfSuccess => _ofSuccess;

    public void Add(OrderNode order)
    {
        if (_known.Add(order.Marks))
        {
            (order.IsAfter ? _ofSuccess : _ofAllowed).Add(new MarkNode(order));
        }
    }
}
