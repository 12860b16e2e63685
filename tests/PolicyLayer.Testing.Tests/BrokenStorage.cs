using PolicyLayer.Counters;

namespace PolicyLayer.Tests;

internal readonly record struct BrokenCharge(long Time, long Amount);

/// <summary>What instances of one storage share.</summary>
internal sealed class BrokenStorage
{
    public Dictionary<CounterKey, List<BrokenCharge>> Charges { get; } = [];

    public long Floor { get; private set; }

    public List<BrokenCharge> ChargesOf(CounterKey key)
    {
        if (!Charges.TryGetValue(key, out List<BrokenCharge>? charges))
        {
            Charges.Add(key, charges = []);
        }

        return charges;
    }

    public void DropExpired(long now, Func<CounterKey, long, long> endOf, int looks, bool keepFloor)
    {
        foreach ((CounterKey key, List<BrokenCharge> charges) in Charges.Take(looks).ToArray())
        {
            long end = charges.Select(c => endOf(key, c.Time)).DefaultIfEmpty(long.MinValue).Max();
            if (end <= now)
            {
                Charges.Remove(key);
                Floor = keepFloor ? Math.Max(Floor, end) : Floor;
            }
        }
    }
}
