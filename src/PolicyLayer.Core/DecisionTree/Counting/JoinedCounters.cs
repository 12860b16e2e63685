using PolicyLayer.Counters;

namespace PolicyLayer.DecisionTree.Counting;

/// <summary>The counters of an entry beside those that all tools ask.</summary>
internal static class JoinedCounters
{
    /// <param name="uses">What the entry's calls ask.</param>
    /// <param name="shared">The counters that all tools ask.</param>
    /// <param name="twins">For each use which of these is its counter, −1 for none; null where none is.</param>
    /// <param name="places">For each use the place of its counter; null where they follow the shared ones, in order.</param>
    public static CounterLimits Of(CounterUse[] uses, CounterLimit[] shared, int[]? twins, out int[]? places)
    {
        places = null;
        if (twins is null)
        {
            return new CounterLimits(shared, Array.ConvertAll(uses, use => use.Demand));
        }

        var own = new List<CounterLimit>();
        var tightened = new Dictionary<int, long>();
        places = new int[uses.Length];
        for (int i = 0; i < uses.Length; i++)
        {
            places[i] = twins[i] < 0 ? shared.Length + own.Count : twins[i];
            if (twins[i] < 0)
            {
                own.Add(uses[i].Demand);
            }
            else if (uses[i].MaxMillionths < shared[twins[i]].MaxMillionths)
            {
                tightened.Add(twins[i], uses[i].MaxMillionths);
            }
        }

        return new CounterLimits(shared, [.. own], tightened.Count == 0 ? null : tightened);
    }
}
