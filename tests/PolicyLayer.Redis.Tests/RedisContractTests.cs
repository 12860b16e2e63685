using PolicyLayer.Counters;
using PolicyLayer.Testing;

namespace PolicyLayer.Tests.Redis;

/// <summary>The Redis store keeps the promises of the contract, by the server's clock and by one that the tests move.</summary>
public sealed class RedisContractTests(RedisFixture redis) : IClassFixture<RedisFixture>
{
    public static TheoryData<string> ClockCases => [.. ConformanceRun.NamesOf(new RedisHarness(null!, fakeClock: true))];

    public static TheoryData<string> ServerCases => [.. ConformanceRun.NamesOf(new RedisHarness(null!, fakeClock: false))];

    [RedisTheory]
    [MemberData(nameof(ClockCases))]
    public Task Conforms_on_a_moved_clock(string name) => ConformanceRun.RunAsync(Harness(), name);

    [RedisTheory]
    [MemberData(nameof(ServerCases))]
    public Task Conforms_on_the_servers_clock(string name) => ConformanceRun.RunAsync(Harness(fakeClock: false), name);

    [RedisFact]
    public Task Agrees_with_the_kits_model() => ConformanceRun.AgreeAsync(Harness(), LongTests.Choose(10_000, 1_000_000));

    [RedisFact]
    public Task Charges_say_what_they_left() => ConformanceRun.RequireSaysUsedAsync(Harness());

    [RedisTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Keeps_the_bound_of_counters_for_values(int seed)
    {
        var opening = new CounterStoreOpening($"bounds-{seed}", maxCountersPerGrant: BoundedRun.MostOfGrant);
        BoundedRun.RunOfValues(await Harness().OpenAsync(opening, CancellationToken.None), seed);
    }

    [RedisFact]
    public async Task A_refund_after_a_clock_step() => await new SteppedClock().RequireRefundAsync(await OpenAsync("refund"));

    [RedisFact]
    public async Task One_reading_ten_years_ahead() => await new SteppedClock().RequireWaitAsync(await OpenAsync("ahead"));

    private RedisHarness Harness(bool fakeClock = true) => new(redis.Connection, fakeClock);

    private ValueTask<ICounterStore> OpenAsync(string storage) =>
        Harness().OpenAsync(new CounterStoreOpening("stepped-" + storage), CancellationToken.None);
}
