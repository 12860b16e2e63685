using PolicyLayer.DecisionTree.Counting;

namespace PolicyLayer.Compilation.Orders;

/// <summary>The orders of one entry, none of which asks for the same marks as another.</summary>
internal sealed class OrderList
{
    private readonly HashSet<MarkIdentity> _known = [];
    private readonly List<OrderNode> _orders = [];

    public IReadOnlyList<OrderNode> All => _orders;

    /// <summary>Adds an order; false when the same is there.</summary>
    public bool TryAdd(OrderNode order)
    {
        bool isNew = _known.Add(order.Marks);
        if (isNew)
        {
            _orders.Add(order);
        }

        return isNew;
    }
}
