using PolicyLayer.Auditing;
using PolicyLayer.Telemetry;
using PolicyLayer.Tests.Authorization;

namespace PolicyLayer.Tests.Reloading;

/// <summary>A reloader looks once at a time, belongs to nobody's call, and ends though no clock moves.</summary>
public sealed class PolicyReloaderLifeTests : IDisposable
{
    private static readonly TimeSpan NoHang = TimeSpan.FromMinutes(2);
    private static readonly AsyncLocal<string?> OfTheCaller = new();

    private readonly WatchedFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task One_that_is_asked_and_one_that_polls_take_turns()
    {
        await _folder.StartAsync();
        _folder.Write("policy.json", WatchedFolder.Policy(2));
        await _folder.PollAsync();
        Task<PolicyReloadAttempt?> asked = _folder.Reloader.ReloadAsync();
        Assert.False(asked.IsCompleted);
        await _folder.SettleAsync();
        Assert.True((await _folder.HeardAsync()).IsApplied);
        Assert.Null(await asked.WaitAsync(NoHang));
        Assert.Single(_folder.Attempts);
    }

    [Fact]
    public async Task One_that_is_asked_waits_for_no_poll()
    {
        await _folder.StartAsync();
        Assert.Null(await _folder.Reloader.ReloadAsync().WaitAsync(NoHang));
        _folder.Write("policy.json", WatchedFolder.Policy(2));
        Task<PolicyReloadAttempt?> asked = _folder.Reloader.ReloadAsync();
        await _folder.TimerAsync();
        _folder.Clock.Advance(WatchedFolder.Settle);
        PolicyReloadAttempt? attempt = await asked.WaitAsync(NoHang);
        Assert.True(attempt!.IsApplied);
        Assert.Same(attempt, _folder.Reloader.LastAttempt);
        Assert.Same(attempt, await _folder.HeardAsync());
    }

    [Fact]
    public async Task Who_gives_up_or_is_disposed_gets_nothing()
    {
        await _folder.StartAsync();
        _folder.Write("policy.json", WatchedFolder.Policy(2));
        using var giveUp = new CancellationTokenSource();
        Task<PolicyReloadAttempt?> given = _folder.Reloader.ReloadAsync(giveUp.Token);
        await _folder.TimerAsync();
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given.WaitAsync(NoHang));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _folder.Reloader.ReloadAsync(giveUp.Token));

        Task<PolicyReloadAttempt?> left = _folder.Reloader.ReloadAsync();
        await _folder.TimerAsync();
        Task disposed = _folder.Reloader.DisposeAsync().AsTask();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => left.WaitAsync(NoHang));
        await disposed.WaitAsync(NoHang);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => _folder.Reloader.ReloadAsync());
        await _folder.Reloader.DisposeAsync();
        Assert.Empty(_folder.Attempts);
        Assert.Equal(1, await _folder.InForceAsync());
    }

    [Fact]
    public async Task Disposal_gives_up_what_settles_and_looks_no_more()
    {
        await _folder.StartAsync();
        _folder.Write("policy.json", WatchedFolder.Policy(2));
        await _folder.PollAsync();
        await _folder.Reloader.DisposeAsync().AsTask().WaitAsync(NoHang);
        _folder.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Empty(_folder.Attempts);
        Assert.Equal(1, await _folder.InForceAsync());
        Assert.Empty(_folder.Faults);
    }

    [Fact]
    public async Task Disposal_waits_for_a_reload_but_not_for_its_records()
    {
        using var release = new ManualResetEventSlim();
        var begun = new TaskCompletionSource();
        var hanging = new StubSink { Write = _ => new ValueTask(new TaskCompletionSource().Task) };
        _folder.Configure = options =>
        {
            options.AuditSinks.Add(hanging);
            options.TimeProvider = _folder.Clock;
        };
        Action<PolicyReloadAttempt>? listener = _folder.Options.Listener;
        _folder.Options.Listener = attempt =>
        {
            begun.SetResult();
            release.Wait(NoHang);
            listener!(attempt);
        };
        await _folder.StartAsync();
        _folder.Write("policy.json", WatchedFolder.Policy(2));
        await _folder.PollAsync();
        // What is waited for next by the clock is the sink.
        await _folder.SettleAsync();
        Assert.Equal(2, await _folder.InForceAsync());

        Task disposed = _folder.Reloader.DisposeAsync().AsTask();
        await begun.Task.WaitAsync(NoHang);
        Assert.False(disposed.IsCompleted);
        release.Set();
        await disposed.WaitAsync(NoHang);
        Assert.True(Assert.Single(_folder.Attempts).IsApplied);
    }

    [Fact]
    public async Task A_reload_that_is_in_force_is_told_to_who_gives_up_too()
    {
        var hanging = new StubSink { Write = _ => new ValueTask(new TaskCompletionSource().Task) };
        _folder.Configure = options => options.AuditSinks.Add(hanging);
        _folder.Options.SettleTime = TimeSpan.Zero;
        using var giveUp = new CancellationTokenSource();
        await _folder.StartAsync();
        _folder.Authorizer.Reloaded += (_, _) => giveUp.Cancel();
        _folder.Write("policy.json", WatchedFolder.Policy(2));
        PolicyReloadAttempt? attempt = await _folder.Reloader.ReloadAsync(giveUp.Token).WaitAsync(NoHang);
        Assert.True(attempt!.IsApplied);
    }

    [Fact]
    public async Task A_listener_that_throws_hinders_nothing()
    {
        Action<PolicyReloadAttempt>? listener = _folder.Options.Listener;
        _folder.Options.Listener = attempt =>
        {
            listener!(attempt);
            throw new InvalidOperationException();
        };
        await _folder.StartAsync();
        for (int number = 2; number < 4; number++)
        {
            _folder.Write("policy.json", WatchedFolder.Policy(number));
            await _folder.TakeAsync();
            Assert.Equal(number, await _folder.InForceAsync());
        }

        Assert.Empty(_folder.Faults);
    }

    [Fact]
    public async Task Who_made_the_reloader_is_nothing_to_it()
    {
        var seen = new List<string?>();
        OfTheCaller.Value = "a call's";
        _folder.Configure = options => options.AuditSinks.Add(new StubSink
        {
            Write = _ =>
            {
                seen.Add(OfTheCaller.Value);
                return ValueTask.CompletedTask;
            },
        });
        await _folder.StartAsync();
        _folder.Write("policy.json", WatchedFolder.Policy(2));
        await _folder.TakeAsync();
        Assert.Null(Assert.Single(seen));
        Assert.Equal("a call's", OfTheCaller.Value);
    }

    [Fact]
    public async Task A_clock_that_fails_is_told_and_looks_go_on_by_another()
    {
        var broken = new BrokenClock();
        _folder.Options.TimeProvider = broken;
        _folder.Options.PollInterval = TimeSpan.FromMilliseconds(10);
        _folder.Options.SettleTime = TimeSpan.FromMilliseconds(1);
        await _folder.StartAsync(waits: false);
        _folder.Replace("policy.json", WatchedFolder.Policy(2));
        Assert.True((await _folder.HeardAsync()).IsApplied);
        await _folder.Reloader.DisposeAsync();
        Assert.NotEmpty(_folder.Faults);
        Assert.All(_folder.Faults, fault => Assert.Equal((FaultKind.Clock, "TimeProvider"), (fault.Kind, fault.Place)));
    }

    [Fact]
    public async Task Real_events_are_heard_before_a_poll()
    {
        _folder.Options.TimeProvider = TimeProvider.System;
        _folder.Options.PollInterval = TimeSpan.FromDays(1);
        _folder.Options.UseFileSystemEvents = true;
        await _folder.StartAsync(waits: false);

        // The first may be seen by the first look; all others are heard of.
        for (int number = 2; number < 5; number++)
        {
            _folder.Replace("policy.json", WatchedFolder.Policy(number));
            Assert.True((await _folder.HeardAsync()).IsApplied);
            Assert.Equal(number, await _folder.InForceAsync());
        }
    }

    private sealed class BrokenClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => throw new InvalidOperationException();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            throw new InvalidOperationException();
    }
}
