using PolicyLayer.Counters;
using PolicyLayer.Redis;
using PolicyLayer.Testing;

namespace PolicyLayer.Tests.Redis;

/// <summary>Weeks and months by the clock of a real server.</summary>
public sealed class RedisCalendarTests(RedisFixture redis) : IClassFixture<RedisFixture>
{
    private const long Unit = CounterDemand.Unit;

    public static TheoryData<string> Windows => ["week", "month"];

    [RedisTheory]
    [MemberData(nameof(Windows))]
    public async Task Counts_in_the_window_of_the_server_s_clock(string window)
    {
        (CaseStore store, CounterDefinition counter) = Open("now", window);
        DateTimeOffset before = TimeProvider.System.GetUtcNow();
        CounterRequest request = CaseStore.Request(counter, Unit, before.ToUnixTimeMilliseconds());
        CounterReservation reservation = await store.AdmitAsync(request);
        CounterReservation refusal = await store.RefuseAsync(request);
        TimeSpan left = request[0].Bounds!.Value.End - before;
        Assert.InRange(refusal.RetryAfter!.Value, TimeSpan.Zero, left + TimeSpan.FromSeconds(1));
        await store.ReleaseAsync(request, reservation);
        await store.RequireUsedAsync(0, counter, at: before.ToUnixTimeMilliseconds());
    }

    /// <summary>A host whose clock is behind by a window, and one that is behind by two.</summary>
    [RedisTheory]
    [MemberData(nameof(Windows))]
    public async Task Counts_in_the_next_window_and_in_no_later_one(string window)
    {
        (CaseStore store, CounterDefinition counter) = Open("next", window);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        DateTimeOffset last = WindowBefore(counter, now);
        CounterRequest behind = CaseStore.Request(counter, 3 * Unit, last.ToUnixTimeMilliseconds());
        await store.AdmitAsync(CaseStore.Request(counter, 3 * Unit, now.ToUnixTimeMilliseconds()));
        CounterReservation reservation = await store.AdmitAsync(behind);
        await store.RequireUsedAsync(2 * Unit, counter, at: now.ToUnixTimeMilliseconds());
        await store.ReleaseAsync(behind, reservation);
        await store.RequireUsedAsync(Unit, counter, at: now.ToUnixTimeMilliseconds());
        foreach (DateTimeOffset apart in (DateTimeOffset[])[WindowBefore(counter, last), now.AddDays(32)])
        {
            CounterRequest request = CaseStore.Request(counter, 9 * Unit, apart.ToUnixTimeMilliseconds());
            var failure = await Assert.ThrowsAsync<RedisStoreException>(() => store.ReserveAsync(request).AsTask());
            Assert.Equal(RedisStoreFailure.ClockApart, failure.Failure);
        }

        await store.RequireUsedAsync(Unit, counter, at: now.ToUnixTimeMilliseconds());
    }

    /// <summary>A time in the window before that of another.</summary>
    private static DateTimeOffset WindowBefore(CounterDefinition counter, DateTimeOffset time) =>
        CaseStore.Request(counter, Unit, time.ToUnixTimeMilliseconds())[0].Bounds!.Value.Start.AddMilliseconds(-1);

    private (CaseStore Store, CounterDefinition Counter) Open(string prefix, string window)
    {
        Assert.True(CounterWindowLength.TryParse(window, out CounterWindowLength length));
        var options = new RedisCounterStoreOptions { KeyPrefix = $"{prefix}-{window}:", Deadline = TimeSpan.FromMinutes(1) };
        return (new CaseStore(new RedisCounterStore(redis.Connection, options), default), CaseStore.Calendar("c", length));
    }
}
