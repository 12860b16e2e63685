using PolicyLayer.Testing;

namespace PolicyLayer.Tests;

/// <summary>Long random sequences against the kit's model.</summary>
public sealed class AgreementTests(RedisFixture redis) : IClassFixture<RedisFixture>
{
    [Fact]
    public Task In_memory() => RunAsync(new InMemoryHarness(), LongTests.Choose(50_000, 1_000_000));

    [Fact]
    public async Task Sqlite()
    {
        using var harness = new SqliteHarness();
        await RunAsync(harness, LongTests.Choose(5_000, 1_000_000));
    }

    [RedisFact]
    public Task Redis() => RunAsync(new RedisHarness(redis.Connection, fakeClock: true), LongTests.Choose(5_000, 1_000_000));

    private static async Task RunAsync(CounterStoreHarness harness, int steps)
    {
        var stores = new CaseStores(harness, "agreement", CancellationToken.None);
        try
        {
            await new RandomRun(stores, seed: 11).RunAsync(steps);
        }
        finally
        {
            await stores.CloseAsync();
        }
    }
}
