namespace PolicyLayer.Testing;

/// <summary>
/// The charges of one counter of the recent kind: each lives at its request's time, and a store may forget some, but not all.
/// </summary>
/// <param name="length">How long the window is, in milliseconds.</param>
internal sealed class RecentCharges(long length)
{
    private readonly List<CounterCharge> _charges = [];

    /// <summary>The least and the most that the counter may hold at a time.</summary>
    public (long Least, long Most) Used(long now)
    {
        long least = 0;
        long most = 0;
        foreach (CounterCharge charge in _charges)
        {
            long age = now - charge.Time.Earliest;
            bool mayCount = age < length && !IsFarAhead(-age);
            bool mustCount = !charge.MayBeForgotten && !IsOld(age) && !IsAhead(-age);
            most += mayCount ? charge.Amount : 0;
            least += mustCount ? charge.Amount : 0;
        }

        return (least, most);
    }

    /// <summary>A store may drop what is old at the time of any request.</summary>
    public void See(long now) => MarkForgotten(charge => IsOld(now - charge.Time.Earliest));

    /// <summary>What is ahead is forgotten.</summary>
    public void Add(CounterCharge added)
    {
        long now = added.Time.Earliest;
        _charges.RemoveAll(charge => IsFarAhead(charge.Time.Earliest - now));
        MarkForgotten(charge => IsAhead(charge.Time.Earliest - now));
        _charges.Add(added);
    }

    /// <summary>What was forgotten may be taken from what was charged about the same time since.</summary>
    public void Remove(CounterCharge removed)
    {
        if (!_charges.Remove(removed) || removed.MayBeForgotten)
        {
            MarkForgotten(charge => Math.Abs(charge.Time.Earliest - removed.Time.Earliest) * 60 <= length);
        }
    }

    public void Prune(long earliest) => _charges.RemoveAll(charge => earliest - charge.Time.Earliest >= length);

    private void MarkForgotten(Predicate<CounterCharge> which)
    {
        foreach (CounterCharge charge in _charges)
        {
            charge.MayBeForgotten |= which(charge);
        }
    }

    private bool IsOld(long age) => age * 60 >= length * 59;

    private bool IsAhead(long time) => time * 60 > length;

    private bool IsFarAhead(long time) => time * 30 >= length;
}
