using PolicyLayer.Calls;

namespace PolicyLayer.DecisionTree.Verdicts;

/// <summary>
/// What an explanation takes down of a call's way. Whatever is judged for it may take the work of a whole call, so that what a decision
/// could look at an explanation can; all together may take that of several. One call and thread at a time.
/// </summary>
internal sealed class Trace(long maxWork)
{
    /// <summary>So many calls' work an explanation may take.</summary>
    private const int Calls = 8;

    private readonly List<ExplainedStep> _steps = [];
    private long _left = Calls * maxWork;

    public IReadOnlyList<ExplainedStep> Steps => _steps;

    /// <summary>Whether something couldn't be looked at any more.</summary>
    public bool IsCut { get; private set; }

    public void Add(ExplainedStep step) => _steps.Add(step);

    /// <summary>Gives what is judged next its work; false when there is no more to give.</summary>
    public bool TryBegin(WorkBudget work)
    {
        work.Begin(maxWork);
        IsCut |= _left <= 0;
        return !IsCut;
    }

    /// <summary>Whether what was judged can be believed: not where it took more work than it had.</summary>
    public bool TryEnd(WorkBudget work)
    {
        _left -= work.Spent;
        IsCut |= work.IsSpent;
        return !IsCut;
    }
}
