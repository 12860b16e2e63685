namespace PolicyLayer.DecisionTree.Counting;

/// <summary>What a counter holds as a call meets it, and what the call would add.</summary>
/// <param name="Use">What asks the counter.</param>
/// <param name="UsedMillionths">What it holds before the call.</param>
/// <param name="AmountMillionths">What the call would add; the largest of all that the call asks of this counter.</param>
internal readonly record struct CounterStanding(CounterUse Use, long UsedMillionths, long AmountMillionths)
{
    /// <summary>Whether the use lets the call pass.</summary>
    public bool Fits => Use.Fits(UsedMillionths, AmountMillionths);
}
