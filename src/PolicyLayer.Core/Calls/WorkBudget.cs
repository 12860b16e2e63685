namespace PolicyLayer.Calls;

/// <summary>
/// What judging one call may still cost, in steps, whichever part of the policy spends them. One call and thread at a time.
/// INVARIANT: what is spent follows from the call and the policy alone, never from what is cached, from a secret hash or from the thread;
/// and once it is spent the call is denied, whatever else comes out.
/// </summary>
internal sealed class WorkBudget
{
    public const long Default = 33_554_432;

    public const long Highest = 1L << 40;

    /// <summary>What finding the words of a denial may cost, apart from what the call may: beyond it the denial says less.</summary>
    public const long ForWords = 262_144;

    /// <summary>What is left; less than 0 once it was too little. A field, for those who count in their own loops.</summary>
    public long Left;

    private long _max;

    public WorkBudget(long max = Default) => Begin(max);

    public bool IsSpent => Left < 0;

    public long Spent => _max - Left;

    public void Begin(long max) => Left = _max = max;

    /// <summary>Counts steps; false when there were too few left, and then the work isn't done.</summary>
    public bool TrySpend(long steps) => (Left -= steps) >= 0;

    /// <summary>Spends all that is left, for what mustn't go on for another reason.</summary>
    public void SpendAll() => Left = -1;
}
