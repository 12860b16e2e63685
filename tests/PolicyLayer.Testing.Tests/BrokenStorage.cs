using PolicyLayer.Counters;

namespace PolicyLayer.Tests;

internal readonly record struct BrokenCharge(long Time, long Amount);

/// <summary>What instances of one storage share.</summary>
internal sealed class BrokenStorage
{
    public Dictionary<CounterKey, List<BrokenCharge>> Charges { get; } = [];

    private readonly Dictionary<CounterKey, string?> _holders = [];
    private TaskCompletionSource _meeting = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _met;

    public long Floor { get; private set; }

    /// <summary>
    /// Waits until three callers have come, or one was refused: three don't divide the limit of 100 that they race to. After a refusal
    /// nobody waits any more: the others may be done, and none would come.
    /// </summary>
    public Task MeetAsync()
    {
        lock (this)
        {
            Task meeting = _meeting.Task;
            if (++_met % 3 == 0 && !meeting.IsCompleted)
            {
                _meeting.SetResult();
                _meeting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            return meeting;
        }
    }

    public void Part()
    {
        lock (this)
        {
            _meeting.TrySetResult();
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

    /// <summary>The counters of which nothing counts any more, among the first so many.</summary>
    public CounterKey[] Expired(long now, Func<CounterKey, long, long> endOf, int looks) =>
        [.. Charges.Take(looks).Where(counter => EndOf(counter.Key, endOf) <= now).Select(counter => counter.Key)];

    /// <summary>The grant that a counter counts for; null for none.</summary>
    public string? HolderOf(CounterKey key) => key.GrantId ?? _holders.GetValueOrDefault(key);

    public void Hold(CounterKey key, string? holder, bool isNew)
    {
        if (!isNew || !_holders.ContainsKey(key))
        {
            _holders[key] = holder;
        }
    }

    public void Drop(CounterKey[] expired, Func<CounterKey, long, long> endOf, bool keepFloor, bool keepHolders)
    {
        foreach (CounterKey key in expired)
        {
            Floor = keepFloor ? Math.Max(Floor, EndOf(key, endOf)) : Floor;
            Charges.Remove(key);
            if (!keepHolders)
            {
                _holders.Remove(key);
            }
        }
    }

    private long EndOf(CounterKey key, Func<CounterKey, long, long> endOf) =>
        Charges[key].Select(c => endOf(key, c.Time)).DefaultIfEmpty(long.MinValue).Max();
}
