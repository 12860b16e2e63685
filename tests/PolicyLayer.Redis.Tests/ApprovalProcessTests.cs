using PolicyLayer.Approvals;
using PolicyLayer.Redis;
using StackExchange.Redis;
using Xunit.Abstractions;

namespace PolicyLayer.Tests.Redis;

/// <summary>Four processes race for the approvals on one server.</summary>
public sealed class ApprovalProcessTests(ITestOutputHelper output)
{
    /// <summary>Each caller has one call on its way when the server is killed, once, and doesn't know what became of it.</summary>
    private const int LostWithServer = ProcessRace.AllCallers;

    [RedisFact]
    public async Task One_request_is_made_for_each_call()
    {
        int calls = ApprovalRace.LimitOf(ProcessRace.Requests);
        using var race = new ProcessRace("redis", output.WriteLine, ProcessRace.Requests);
        await using var server = new RedisServer();
        await server.StartAsync();
        await race.RunAsync(server.Configuration, calls);
        await using ConnectionMultiplexer connection = await server.ConnectAsync();
        await ApprovalRace.RequireRequestsAsync(race, StoreOn(connection), calls, lost: 0);
    }

    [RedisFact]
    public async Task One_request_is_made_for_each_call_when_processes_are_killed_and_the_server_restarts()
    {
        int calls = ApprovalRace.LimitOf(ProcessRace.Requests);
        using var race = new ProcessRace("redis", output.WriteLine, ProcessRace.Requests);
        await using var server = new RedisServer();
        await server.StartAsync();
        int kills = await race.RunAndKillAsync(server.Configuration, calls, back: 0, () => RestartAsync(server));
        await using ConnectionMultiplexer connection = await server.ConnectAsync();
        await ApprovalRace.RequireRequestsAsync(
            race, StoreOn(connection), calls, lost: LostWithServer + (kills * ProcessRace.Callers));
    }

    [RedisFact]
    public async Task Exactly_what_was_approved_is_spent()
    {
        int uses = ApprovalRace.LimitOf(ProcessRace.Uses);
        using var race = new ProcessRace("redis", output.WriteLine, ProcessRace.Uses);
        await using var server = new RedisServer();
        await server.StartAsync();
        await using ConnectionMultiplexer connection = await server.ConnectAsync();
        await ApprovalRace.ApproveAsync(StoreOn(connection), uses);
        await race.RunAsync(server.Configuration, uses);
        await ApprovalRace.RequireSpentAsync(race, StoreOn(connection), uses, lost: 0);
    }

    [RedisFact]
    public async Task No_more_is_spent_when_processes_are_killed_and_the_server_restarts()
    {
        int uses = ApprovalRace.LimitOf(ProcessRace.Uses);
        using var race = new ProcessRace("redis", output.WriteLine, ProcessRace.Uses);
        await using var server = new RedisServer();
        await server.StartAsync();
        await using (ConnectionMultiplexer before = await server.ConnectAsync())
        {
            await ApprovalRace.ApproveAsync(StoreOn(before), uses);
        }

        int kills = await race.RunAndKillAsync(server.Configuration, uses, back: 0, () => RestartAsync(server));
        await using ConnectionMultiplexer connection = await server.ConnectAsync();
        await ApprovalRace.RequireSpentAsync(race, StoreOn(connection), uses, lost: LostWithServer + (kills * ProcessRace.Callers));
    }

    private static async Task RestartAsync(RedisServer server)
    {
        await server.KillAsync();
        await server.StartAsync();
    }

    private static RedisApprovalStore StoreOn(ConnectionMultiplexer connection) => new(
        connection,
        new RedisApprovalStoreOptions { Deadline = TimeSpan.FromMinutes(1), Protector = ApprovalProtector.Plain });
}
