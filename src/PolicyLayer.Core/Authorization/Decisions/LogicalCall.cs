using PolicyLayer.Approvals;

namespace PolicyLayer.Authorization.Decisions;

/// <summary>
/// An allowed call and those that went on with it: charged once, by the first, and reported once, by whichever is reported first. Safe for
/// any number of threads. INVARIANT: a decision is continued at most once, and none after the report.
/// </summary>
/// <param name="identity">What all of them have in common.</param>
/// <param name="started">The clock's timestamp when the first came in.</param>
internal sealed class LogicalCall(CallIdentity identity, long started)
{
    private readonly Lock _lock = new();
    private readonly List<(DecisionId Spender, ApprovalUse Use)> _approvals = [];
    private readonly Stack<DecisionId> _earlier = [];
    private ToolCallDecision _first;
    private DecisionId _latest;
    private bool _isClosed;

    public long Started => started;

    /// <summary>Whether there is an allowed call.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>The decision that was charged.</summary>
    public ToolCallDecision First
    {
        get
        {
            lock (_lock)
            {
                return _first;
            }
        }
    }

    /// <summary>The decision that may be continued.</summary>
    public DecisionId Latest
    {
        get
        {
            lock (_lock)
            {
                return _latest;
            }
        }
    }

    /// <summary>The approvals that were spent for it.</summary>
    public IReadOnlyList<ApprovalUse> Approvals
    {
        get
        {
            lock (_lock)
            {
                return [.. _approvals.Select(approval => approval.Use)];
            }
        }
    }

    /// <summary>One of them that is bound to the same; null for none.</summary>
    public ApprovalUse? FindApproval(string binding, string exactBinding)
    {
        lock (_lock)
        {
            int found = _approvals.FindIndex(spent => spent.Use.Binding == binding && spent.Use.ExactBinding == exactBinding);
            return found < 0 ? null : _approvals[found].Use;
        }
    }

    public bool IsOf(CallIdentity other) => identity.Is(other);

    /// <summary>Begins with its first call, which has been allowed.</summary>
    public void Begin(in ToolCallDecision first)
    {
        lock (_lock)
        {
            _first = first;
            _latest = first.Id.Unplaced;
            HasBegun = true;
            Add(_latest, first.OpenCall?.Approval);
        }
    }

    /// <summary>Goes on with a decision, unless another call did before, it was reported, or it was continued too often.</summary>
    /// <param name="from">The decision that is continued.</param>
    /// <param name="to">The one that continues it.</param>
    /// <param name="isOpen">Whether the first call is remembered.</param>
    /// <param name="most">How many may go on, one after another.</param>
    public bool TryContinue(DecisionId from, DecisionId to, Predicate<DecisionId> isOpen, int most)
    {
        lock (_lock)
        {
            if (_isClosed || from != _latest || _earlier.Count >= most || !isOpen(_first.Id))
            {
                return false;
            }

            _earlier.Push(_latest);
            _latest = to;
            return true;
        }
    }

    /// <summary>Takes down what a decision that goes on has spent.</summary>
    public void AddApproval(DecisionId spender, ApprovalUse spent)
    {
        lock (_lock)
        {
            Add(spender, spent);
        }
    }

    /// <summary>Undoes that a decision went on, as it became a denial; what it had spent, or null.</summary>
    public ApprovalUse? TakeBack(DecisionId decision)
    {
        lock (_lock)
        {
            if (decision == _latest)
            {
                _latest = _earlier.Pop();
            }

            int spent = _approvals.FindIndex(approval => approval.Spender == decision);
            if (spent < 0)
            {
                return null;
            }

            ApprovalUse use = _approvals[spent].Use;
            _approvals.RemoveAt(spent);
            return use;
        }
    }

    /// <summary>Whether it was open; it isn't any more.</summary>
    /// <param name="close">Closes the first call, where it is remembered.</param>
    public bool TryClose(Predicate<DecisionId> close)
    {
        lock (_lock)
        {
            bool isClosing = !_isClosed && close(_first.Id);
            _isClosed = true;
            return isClosing;
        }
    }

    private void Add(DecisionId spender, ApprovalUse? spent)
    {
        if (spent is { } use)
        {
            _approvals.Add((spender, use));
        }
    }
}
