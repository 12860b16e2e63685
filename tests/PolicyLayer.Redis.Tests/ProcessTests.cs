using PolicyLayer.Redis;
using StackExchange.Redis;
using Xunit.Abstractions;

namespace PolicyLayer.Tests.Redis;

/// <summary>Four processes drive one server to a limit.</summary>
public sealed class ProcessTests(ITestOutputHelper output)
{
    [RedisTheory]
    [InlineData(ProcessRace.Limits)]
    [InlineData(ProcessRace.Amounts)]
    [InlineData(ProcessRace.Orders)]
    public async Task Exactly_the_limit_is_admitted(string kind)
    {
        using var race = new ProcessRace("redis", output.WriteLine, kind);
        int limit = LimitOf(kind);
        await using var server = new RedisServer();
        await server.StartAsync();
        await race.RunAsync(server.Configuration, limit);
        await using ConnectionMultiplexer connection = await server.ConnectAsync();
        await race.RequireAsync(StoreOn(connection), limit, lost: 0);
    }

    [RedisTheory]
    [InlineData(ProcessRace.Limits)]
    [InlineData(ProcessRace.Amounts)]
    [InlineData(ProcessRace.Orders)]
    public async Task No_more_is_admitted_when_the_server_restarts_processes_are_killed_and_its_clock_steps_back(string kind)
    {
        using var race = new ProcessRace("redis", output.WriteLine, kind);
        int limit = LimitOf(kind);
        await using var server = new RedisServer();
        await server.StartAsync();
        await using ConnectionMultiplexer connection = await server.ConnectAsync();
        RedisCounterStore store = StoreOn(connection);
        int kills = await race.RunAndKillAsync(server.Configuration, limit, back: 0, async () =>
        {
            // A clock an hour ahead in the store is a server whose clock has stepped back by an hour.
            long ahead = (TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(1)).ToUnixTimeMilliseconds();
            await connection.GetDatabase().StringSetAsync(store.Keys.ClockKey(ProcessRace.PolicyName), RedisKeys.ClockValue(ahead));
            await server.KillAsync();
            await server.StartAsync();
        });
        await race.RequireAsync(store, limit, lost: (ProcessRace.AllCallers * 50) + (kills * ProcessRace.Callers));
    }

    private static int LimitOf(string kind) =>
        kind == ProcessRace.Orders ? LongTests.Choose(100, 1_000) : LongTests.Choose(10_000, 100_000);

    private static RedisCounterStore StoreOn(ConnectionMultiplexer connection) =>
        new(connection, new RedisCounterStoreOptions { Deadline = TimeSpan.FromSeconds(10) });
}
