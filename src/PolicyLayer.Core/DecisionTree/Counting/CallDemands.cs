using PolicyLayer.Counters;

namespace PolicyLayer.DecisionTree.Counting;

/// <summary>What a call asks of its counters, where that isn't one unit of each that its entry has. Immutable.</summary>
/// <param name="Counters">The counters, each once.</param>
/// <param name="Amounts">What is added to each.</param>
/// <param name="Partitions">The digests of those that have one; null for none.</param>
/// <param name="Places">
/// Where the entry's counters are among these, if some met in one or aren't asked, which is −1; null where each has its own place.
/// </param>
/// <param name="Marks">The digests of the marks that a success leaves, null for one without value; null where none goes by values.</param>
/// <param name="Mode">Whether they are charged, or only looked at, as the call is denied in any case.</param>
internal sealed record CallDemands(
    CounterLimits Counters,
    long[] Amounts,
    string?[]? Partitions = null,
    int[]? Places = null,
    string?[]? Marks = null,
    CounterRequestMode Mode = CounterRequestMode.Charge);
