using PolicyLayer.Counters;
using PolicyLayer.DecisionTree.Paths;

namespace PolicyLayer.DecisionTree.Counting;

/// <summary>What the calls of one tool leave, beside what its entry asks of them.</summary>
internal sealed class PlannedMarks
{
    /// <param name="marks">The marks of the tool.</param>
    /// <param name="orders">Its entry's orders and their places, by the marks that they ask for.</param>
    /// <param name="placeOf">Gives a path its place in the entry's table.</param>
    public PlannedMarks(ToolMarks marks, IReadOnlyDictionary<MarkIdentity, (int Place, OrderNode Order)> orders, Func<PolicyPath, int> placeOf)
    {
        // Whoever asks for his own marks leaves them by the same demand, and his own isn't counted. Another entry may ask for them too: the
        // order is the entry's own, not the one that the mark is named by.
        Pauses = marks.OfAllowed.Where(mark => orders.ContainsKey(mark.Order.Marks))
            .Select(mark => orders[mark.Order.Marks])
            .ToDictionary(own => own.Place, own => own.Order.ForOwnMark());
        OfAllowed = [.. marks.OfAllowed.Where(mark => !orders.ContainsKey(mark.Order.Marks))];
        Demands = Array.ConvertAll(OfAllowed, mark => mark.Demand);
        Inputs = Array.ConvertAll(OfAllowed, mark => UseInput.Of(mark, placeOf));
        OfSuccess = marks.OfSuccess.Count == 0 ? null : new MarksOfSuccess([.. marks.OfSuccess], placeOf);
        NeedSession = Array.Exists(OfAllowed, mark => mark.Counter.Scope == CounterScope.Session);
        ArePartitioned = Array.Exists(OfAllowed, mark => mark.Partition is not null);
    }

    /// <summary>The orders of the entry that ask for the tool's own marks, by their places, as they are for it.</summary>
    public IReadOnlyDictionary<int, OrderNode> Pauses { get; }

    /// <summary>The marks that an allowed call leaves, but for those that its entry's orders leave.</summary>
    public MarkNode[] OfAllowed { get; }

    public CounterLimit[] Demands { get; }

    public UseInput?[] Inputs { get; }

    /// <summary>The marks that a success leaves; null for none.</summary>
    public MarksOfSuccess? OfSuccess { get; }

    public bool NeedSession { get; }

    public bool ArePartitioned { get; }

    /// <summary>Whether something has to be read of a call.</summary>
    public bool ReadDemands => ArePartitioned || OfSuccess is { AreDigested: true };

    /// <summary>What the counters of the pauses may hold.</summary>
    /// <param name="counterOf">The place of an order's counter.</param>
    public IReadOnlyDictionary<int, long> MaximaOfPauses(Func<int, int> counterOf) =>
        Pauses.ToDictionary(pause => counterOf(pause.Key), pause => pause.Value.MaxMillionths);
}
