namespace PolicyLayer.DecisionTree.Limits;

/// <summary>The limits of <c>all_tools</c>, then an entry's own.</summary>
internal readonly struct JoinedLimits(LimitNode[] common, LimitNode[] own)
{
    public int Length => common.Length + own.Length;

    public LimitNode this[int index] => index < common.Length ? common[index] : own[index - common.Length];
}
