namespace PolicyLayer.Counters;

/// <summary>One counter that an entry of a policy uses, with the tightest bounds that apply to it.</summary>
/// <param name="Definition">The counter.</param>
/// <param name="MaxMillionths">What it may hold after a call, in millionths of a unit.</param>
/// <param name="MinMillionths">What it must hold before a call.</param>
internal readonly record struct CounterLimit(CounterDefinition Definition, long MaxMillionths, long MinMillionths = 0)
{
    /// <summary>Whether a counter that holds so much has what it must, and room for an amount.</summary>
    public bool IsMet(long usedMillionths, long amountMillionths) =>
        usedMillionths >= MinMillionths && CounterArithmetic.Fits(usedMillionths, amountMillionths, MaxMillionths);
}
