using PolicyLayer.Redis;
using StackExchange.Redis;
using Xunit.Abstractions;

namespace PolicyLayer.Tests.Redis;

/// <summary>Four processes drive one server to a limit.</summary>
public sealed class ProcessTests(ITestOutputHelper output) : IDisposable
{
    private readonly ProcessRace _race = new("redis", output.WriteLine);
    private readonly int _limit = LongTests.Choose(10_000, 100_000);

    [RedisFact]
    public async Task Exactly_the_limit_is_admitted()
    {
        await using var server = new RedisServer();
        await server.StartAsync();
        await _race.RunAsync(server.Configuration, _limit);
        await using ConnectionMultiplexer connection = await server.ConnectAsync();
        await _race.RequireAsync(new RedisCounterStore(connection), _limit, lost: 0);
    }

    [RedisFact]
    public async Task No_more_is_admitted_when_the_server_restarts_processes_are_killed_and_its_clock_steps_back()
    {
        await using var server = new RedisServer();
        await server.StartAsync();
        await using ConnectionMultiplexer connection = await server.ConnectAsync();
        var store = new RedisCounterStore(connection, new RedisCounterStoreOptions { Deadline = TimeSpan.FromSeconds(10) });
        int kills = await _race.RunAndKillAsync(server.Configuration, _limit, back: 0, async () =>
        {
            // A clock an hour ahead in the store is a server whose clock has stepped back by an hour.
            long ahead = (TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(1)).ToUnixTimeMilliseconds();
            await connection.GetDatabase().StringSetAsync(
                store.Keys.ClockKey(ProcessRace.PolicyName), RedisKeys.ClockValue(ahead));
            await server.KillAsync();
            await server.StartAsync();
        });
        await _race.RequireAsync(store, _limit, lost: (ProcessRace.AllCallers * 50) + (kills * ProcessRace.Callers));
    }

    public void Dispose() => _race.Dispose();
}
