namespace PolicyLayer.Tests.Model;

/// <summary>Fixed windows of a minute, each counter with the latest time at which it was to be charged.</summary>
internal sealed class ModelCounters
{
    private readonly Dictionary<string, (long Window, int Used)> _counters = [];

    public bool HasRoom(string key, int max, long now) => At(key, now).Used < max;

    /// <summary>The window that was charged; null for no room.</summary>
    public long? TryCharge(string key, int max, long now)
    {
        (long window, int used) = At(key, now);
        bool hasRoom = used < max;
        _counters[key] = (window, hasRoom ? used + 1 : used);
        return hasRoom ? window : null;
    }

    public void Release(string key, long window)
    {
        (long Window, int Used) counter = _counters[key];
        if (counter.Window == window)
        {
            _counters[key] = counter with { Used = counter.Used - 1 };
        }
    }

    private (long Window, int Used) At(string key, long now)
    {
        long window = now / ModelPolicies.MinuteMs;
        return _counters.TryGetValue(key, out (long Window, int Used) counter) && counter.Window >= window ? counter : (window, 0);
    }
}
