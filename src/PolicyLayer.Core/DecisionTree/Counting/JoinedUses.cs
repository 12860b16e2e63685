namespace PolicyLayer.DecisionTree.Counting;

/// <summary>What an entry's calls ask of counters, as they meet it: its orders, what all tools ask, then the rest.</summary>
/// <param name="common">What all tools ask.</param>
/// <param name="own">What the entry's own ask, its orders first.</param>
/// <param name="orders">How many of these come before what all tools ask.</param>
internal readonly struct JoinedUses(CounterUse[] common, CounterUse[] own, int orders)
{
    public int Length => common.Length + own.Length;

    public CounterUse this[int index] => IsCommon(index, out int place) ? common[place] : own[place];

    /// <summary>Whether a use is one that all tools have, and its place among those, or among the entry's own.</summary>
    public bool IsCommon(int index, out int place)
    {
        bool isCommon = index >= orders && index < orders + common.Length;
        place = index;
        if (index >= orders)
        {
            place = isCommon ? index - orders : index - common.Length;
        }

        return isCommon;
    }
}
