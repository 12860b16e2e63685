using PolicyLayer.Counters;

namespace PolicyLayer.Testing;

/// <summary>
/// What a store must do, the slow way: a list of all charges. Where a sliding window leaves a store a choice, it gives both ends.
/// </summary>
internal sealed class CounterModel
{
    private readonly List<Charge> _charges = [];

    /// <summary>The least and the most that a counter may hold at a time.</summary>
    public (long Least, long Most) Used(CounterKey key, long now)
    {
        long length = key.Definition.WindowSeconds * 1_000L;
        long least = 0;
        long most = 0;
        foreach (Charge charge in _charges)
        {
            if (!charge.Key.Equals(key))
            {
                continue;
            }

            bool isSliding = key.Definition.Algorithm == CounterAlgorithm.Sliding;
            bool must = isSliding ? now < charge.Time + length : now / length == charge.Time / length;
            bool may = isSliding ? (now - charge.Time) * 60 < length * 61 : must;
            least += must ? charge.Amount : 0;
            most += may ? charge.Amount : 0;
        }

        return (least, most);
    }

    public void Add(CounterRequest request)
    {
        for (int i = 0; i < request.Count; i++)
        {
            _charges.Add(new Charge(request[i].Key, request.UnixMilliseconds, request[i].AmountMillionths));
        }
    }

    public void Remove(CounterRequest request)
    {
        for (int i = 0; i < request.Count; i++)
        {
            _charges.Remove(new Charge(request[i].Key, request.UnixMilliseconds, request[i].AmountMillionths));
        }
    }

    /// <summary>Forgets what can't count any more, now or later.</summary>
    public void Prune(long now) =>
        _charges.RemoveAll(charge => (now - charge.Time) * 60 >= charge.Key.Definition.WindowSeconds * 61_000L);

    private readonly record struct Charge(CounterKey Key, long Time, long Amount);
}
