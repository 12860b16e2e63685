using PolicyLayer.Counters;

namespace PolicyLayer.DecisionTree.Limits;

/// <summary>All limits of a call in their order, and the counters that they use.</summary>
/// <param name="Limits">The limits.</param>
/// <param name="Places">Where the paths of their amounts stand in the entry's table, −1 where calls are counted; null for none.</param>
/// <param name="CounterOfLimit">For each limit the place of its counter.</param>
/// <param name="Counters">The counters, each once, with its tightest maximum.</param>
internal sealed record JoinedLimits(LimitNode[] Limits, int[]? Places, int[] CounterOfLimit, CounterLimit[] Counters)
{
    /// <summary>From so many limits on, a look-up beats comparing with each.</summary>
    private const int Many = 8;

    /// <summary>What most plans have: one limit, of the first counter.</summary>
    private static readonly int[] OnlyCounter = [0];

    public static JoinedLimits Of(LimitNode[] limits, int[]? places)
    {
        int[] counterOfLimit = limits.Length == 1 ? OnlyCounter : new int[limits.Length];
        return new JoinedLimits(limits, places, counterOfLimit, MergeCounters(limits, counterOfLimit));
    }

    /// <summary>Each counter once, with its tightest maximum, in the order in which the limits name them.</summary>
    private static CounterLimit[] MergeCounters(LimitNode[] limits, int[] counterOfLimit)
    {
        var counters = new CounterLimit[limits.Length];
        Dictionary<CounterDefinition, int>? places = limits.Length < Many ? null : new(limits.Length);
        int count = 0;
        for (int i = 0; i < limits.Length; i++)
        {
            LimitNode limit = limits[i];
            int place = places?.GetValueOrDefault(limit.Counter, count) ?? PlaceOf(limit.Counter, counters.AsSpan(0, count));
            if (place == count)
            {
                counters[count++] = new CounterLimit(limit.Counter, limit.MaxMillionths);
                places?.Add(limit.Counter, place);
            }
            else if (limit.MaxMillionths < counters[place].MaxMillionths)
            {
                counters[place] = new CounterLimit(limit.Counter, limit.MaxMillionths);
            }

            counterOfLimit[i] = place;
        }

        return count == counters.Length ? counters : counters[..count];
    }

    private static int PlaceOf(CounterDefinition counter, ReadOnlySpan<CounterLimit> counters)
    {
        int place = 0;
        while (place < counters.Length && !counters[place].Definition.Equals(counter))
        {
            place++;
        }

        return place;
    }
}
