using Microsoft.Extensions.Time.Testing;

namespace PolicyLayer.Tests;

/// <summary>A clock that stands until a test moves it, and says when somebody begins to wait.</summary>
internal sealed class TimerClock : FakeTimeProvider, IDisposable
{
    private readonly SemaphoreSlim _timers = new(0);

    /// <summary>Ends once for each timer that is made.</summary>
    public Task TimerAsync() => _timers.WaitAsync();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        _timers.Release();
        return timer;
    }

    public void Dispose() => _timers.Dispose();
}
