namespace PolicyLayer.Counters;

/// <summary>
/// The charges of a counter that was reset, which remembers when: the few that are pay for it, not all. A fixed window's has none.
/// </summary>
/// <param name="resetAt">What was charged at this time or before can't be given back.</param>
internal sealed class ChargesSinceReset(long resetAt) : ChargeQueue
{
    public long ResetAt => resetAt;
}
