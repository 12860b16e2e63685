using PolicyLayer.Counters;
using PolicyLayer.Text;

namespace PolicyLayer.DecisionTree.Counting;

/// <summary>A mark that calls of a tool leave, because an order of some entry asks for it.</summary>
/// <param name="Order">The first order that does.</param>
internal sealed record MarkNode(OrderNode Order) : CounterUse(Order.Counter, CounterDemand.Largest, OnDeny: null, Order.Partition)
{
    public override string UsedUp => $"{Quoted.Of(Order.Tool)} can't be marked any more.";

    public override string? NoValue => Partition is null ? null : $"{Partition.Need} An order of the policy goes by it.";

    public override Place PlaceIn(string? toolKey) => Order.Place;
}
