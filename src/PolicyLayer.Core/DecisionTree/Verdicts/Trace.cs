using PolicyLayer.Calls;

namespace PolicyLayer.DecisionTree.Verdicts;

/// <summary>
/// What an explanation takes down of a call's way. Each step may take the work of a whole call, so that what a decision could look at an
/// explanation can; all together may take that of several. One call and thread at a time.
/// </summary>
internal sealed class Trace(long maxWork)
{
    /// <summary>So many calls' work an explanation may take.</summary>
    private const int Calls = 8;

    private readonly List<ExplainedStep> _steps = [];
    private long _left = Calls * maxWork;

    public IReadOnlyList<ExplainedStep> Steps => _steps;

    /// <summary>Whether something couldn't be looked at any more.</summary>
    public bool IsCut { get; set; }

    /// <summary>Gives the next step its work; false when there is no more to give.</summary>
    public bool TryBegin(WorkBudget work)
    {
        IsCut |= _left <= 0;
        work.Begin(maxWork);
        return !IsCut;
    }

    /// <summary>Takes down a step that took no work.</summary>
    public void Add(ExplainedStep step) => _steps.Add(step);

    /// <summary>Takes a step down, unless it took more work than it had: then nothing can be said of it.</summary>
    public void Add(ExplainedStep step, WorkBudget work)
    {
        _left -= work.Spent;
        IsCut |= work.IsSpent;
        if (!work.IsSpent)
        {
            _steps.Add(step);
        }
    }
}
