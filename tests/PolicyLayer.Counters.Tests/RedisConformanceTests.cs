using PolicyLayer.Testing;

namespace PolicyLayer.Tests;

/// <summary>The Redis store keeps the promises of the contract, by the server's clock and by one that the tests move.</summary>
public sealed class RedisConformanceTests(RedisFixture redis) : IClassFixture<RedisFixture>
{
    public static TheoryData<string> ClockCases => Names(fakeClock: true);

    public static TheoryData<string> ServerCases => Names(fakeClock: false);

    [RedisTheory]
    [MemberData(nameof(ClockCases))]
    public async Task The_redis_store_conforms_on_a_moved_clock(string name) => await RunAsync(name, fakeClock: true);

    [RedisTheory]
    [MemberData(nameof(ServerCases))]
    public async Task The_redis_store_conforms_on_the_servers_clock(string name) => await RunAsync(name, fakeClock: false);

    private static TheoryData<string> Names(bool fakeClock) =>
        [.. CounterStoreConformance.Cases(new RedisHarness(null!, fakeClock)).Select(c => c.Name)];

    private Task RunAsync(string name, bool fakeClock) =>
        CounterStoreConformance.Cases(new RedisHarness(redis.Connection, fakeClock)).Single(c => c.Name == name).RunAsync();
}
