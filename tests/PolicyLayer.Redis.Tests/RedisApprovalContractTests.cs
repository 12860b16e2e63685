namespace PolicyLayer.Tests.Redis;

/// <summary>The Redis store keeps the promises about approvals, by the server's clock and by one that the tests move.</summary>
public sealed class RedisApprovalContractTests(RedisFixture redis) : IClassFixture<RedisFixture>
{
    public static TheoryData<string> ClockCases => [.. ConformanceRun.NamesOf(new RedisApprovalHarness(null!, fakeClock: true))];

    public static TheoryData<string> ServerCases => [.. ConformanceRun.NamesOf(new RedisApprovalHarness(null!, fakeClock: false))];

    [RedisTheory]
    [MemberData(nameof(ClockCases))]
    public Task Conforms_on_a_moved_clock(string name) => ConformanceRun.RunAsync(Harness(fakeClock: true), name);

    [RedisTheory]
    [MemberData(nameof(ServerCases))]
    public Task Conforms_on_the_servers_clock(string name) => ConformanceRun.RunAsync(Harness(fakeClock: false), name);

    [RedisFact]
    public Task Agrees_with_the_kits_model() =>
        ConformanceRun.AgreeAsync(Harness(fakeClock: true), LongTests.Choose(10_000, 1_000_000));

    private RedisApprovalHarness Harness(bool fakeClock) => new(redis.Connection, fakeClock);
}
