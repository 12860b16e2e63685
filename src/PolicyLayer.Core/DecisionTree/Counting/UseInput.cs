using PolicyLayer.DecisionTree.Paths;

namespace PolicyLayer.DecisionTree.Counting;

/// <summary>Where what a call says of one counter stands in the entry's table of paths.</summary>
/// <param name="Amount">The place of the amount; −1 where all calls add the same.</param>
/// <param name="Partition">The places of the values that tell counters apart; null for none.</param>
internal sealed record UseInput(int Amount, int[]? Partition)
{
    /// <summary>The input of a use; null for one that nothing is read for.</summary>
    /// <param name="use">The use.</param>
    /// <param name="placeOf">Gives a path its place in the table.</param>
    public static UseInput? Of(CounterUse use, Func<PolicyPath, int> placeOf)
    {
        if (use.Amount is null && use.Partition is null)
        {
            return null;
        }

        int amount = use.Amount is null ? -1 : placeOf(use.Amount.Path);
        return new UseInput(amount, use.Partition is null ? null : Array.ConvertAll(use.Partition.Paths, path => placeOf(path)));
    }
}
