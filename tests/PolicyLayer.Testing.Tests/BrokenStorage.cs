using PolicyLayer.Counters;

namespace PolicyLayer.Tests;

internal readonly record struct BrokenCharge(long Time, long Amount);

/// <summary>What instances of one storage share.</summary>
internal sealed class BrokenStorage
{
    public Dictionary<CounterKey, List<BrokenCharge>> Charges { get; } = [];

    private TaskCompletionSource _meeting = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _met;

    public long Floor { get; private set; }

    /// <summary>Waits until three callers have come, or one was refused: three don't divide the limit of 100 that they race to.</summary>
    public Task MeetAsync()
    {
        lock (this)
        {
            Task meeting = _meeting.Task;
            if (++_met == 3)
            {
                Part();
            }

            return meeting;
        }
    }

    public void Part()
    {
        lock (this)
        {
            _meeting.SetResult();
            _meeting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _met = 0;
        }
    }

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
