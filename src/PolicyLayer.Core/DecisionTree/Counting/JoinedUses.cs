namespace PolicyLayer.DecisionTree.Counting;

/// <summary>What an entry's calls ask of counters, as they meet it: its orders, what all tools ask, its limits, the marks.</summary>
/// <param name="common">What all tools ask.</param>
/// <param name="own">What the entry's own ask, its orders first.</param>
/// <param name="orders">How many of these come before what all tools ask.</param>
/// <param name="marks">The marks that the tool's calls leave.</param>
internal readonly struct JoinedUses(CounterUse[] common, CounterUse[] own, int orders, CounterUse[] marks)
{
    public int Length => common.Length + own.Length + marks.Length;

    public CounterUse this[int index] => PartOf(index, out int place) switch
    {
        Part.Common => common[place],
        Part.Own => own[place],
        _ => marks[place],
    };

    /// <summary>Which part a use is of, and its place in it.</summary>
    public Part PartOf(int index, out int place)
    {
        place = index;
        if (index < orders)
        {
            return Part.Own;
        }

        place = index - orders;
        if (place < common.Length)
        {
            return Part.Common;
        }

        place = index - common.Length;
        if (place < own.Length)
        {
            return Part.Own;
        }

        place -= own.Length;
        return Part.Marks;
    }

    public enum Part
    {
        Common,
        Own,
        Marks,
    }
}
