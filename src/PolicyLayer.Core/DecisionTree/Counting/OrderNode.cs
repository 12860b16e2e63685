using PolicyLayer.Counters;
using PolicyLayer.Text;

namespace PolicyLayer.DecisionTree.Counting;

/// <summary>
/// One order of a policy: what must, or must not, have gone before a call. It asks the counter of the marks that calls of the other tool
/// leave.
/// </summary>
/// <param name="Counter">The counter of the marks.</param>
/// <param name="Place">Where it stands.</param>
/// <param name="OnDeny">The author's words for a refused agent, or null.</param>
/// <param name="Partition">What must be equal in both calls; null for nothing.</param>
/// <param name="LeavesMark">
/// Whether a call leaves the mark that it asks for: then its own isn't counted. Only where no mark may be there.
/// </param>
internal sealed record OrderNode(
    CounterDefinition Counter, Place Place, string? OnDeny, PartitionSource? Partition, bool LeavesMark = false)
    : CounterUse(Counter, MaxOf(Counter, LeavesMark), OnDeny, Partition)
{
    /// <summary>Whether a call of the other tool must have succeeded; else none may have been allowed.</summary>
    public bool IsAfter => Counter.Algorithm == CounterAlgorithm.Recent;

    /// <summary>The other tool.</summary>
    public string Tool => Counter.CounterName;

    public override long MinMillionths => IsAfter ? CounterDemand.Unit : 0;

    public override long AmountMillionths => LeavesMark ? CounterDemand.Unit : 0;

    public override DecisionCode RefusedCode => DecisionCode.OrderViolated;

    public override DecisionCode ValuelessCode => DecisionCode.OrderViolated;

    public override bool TellsWait => OnDeny is null && !IsAfter;

    public override string UsedUp => IsAfter
        ? $"{Quoted.Of(Tool)} must have succeeded {Words} before this call."
        : $"This call may not follow {Quoted.Of(Tool)}, which was called {Words}.";

    public override string? NoValue => Partition is null
        ? null
        : $"{Partition.Need} It is compared with that of {Quoted.Of(Tool)}.";

    private string Words
    {
        get
        {
            string session = Counter.Scope == CounterScope.Session ? " in this session" : "";
            string same = Partition is null ? "" : $" with the same {Partition.Names}";
            return $"within the last {WindowNames.Describe(Counter.Window)}{session}{same}";
        }
    }

    public override Place PlaceIn(string? toolKey) => Place;

    /// <summary>The marks that it asks for.</summary>
    public MarkIdentity Marks => new(Counter, Partition);

    /// <summary>The same order for the very tool whose marks it asks for.</summary>
    public OrderNode ForOwnMark() => this with { LeavesMark = !IsAfter, MaxMillionths = MaxOf(Counter, leavesMark: !IsAfter) };

    private static long MaxOf(CounterDefinition counter, bool leavesMark)
    {
        if (counter.Algorithm == CounterAlgorithm.Recent)
        {
            return CounterDemand.Largest;
        }

        return leavesMark ? CounterDemand.Unit : 0;
    }
}
