using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PolicyLayer.Approvals;
using PolicyLayer.Extensions.DependencyInjection;
using PolicyLayer.Tests.Redis;
using PolicyLayer.Tests.Secrets.Hosts;
using PolicyLayer.Tests.Secrets.Positions;
using PolicyLayer.Tests.Secrets.Searching;
using PolicyLayer.Tests.Secrets.Witnesses;
using StackExchange.Redis;

namespace PolicyLayer.Tests.Secrets.Stores;

/// <summary>What counters, approvals and continuations keep of calls says none of their values, in no store.</summary>
public sealed class StoreTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task In_memory(bool isKeyed) => RunAsync(isKeyed, _ => { });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task In_sqlite(bool isKeyed) => RunAsync(isKeyed, builder => builder
        .UseStagedCounters()
        .UseSqliteApprovals(Path.Combine(builder.GetFolder(), "approvals.db"), options => options.Protector = Protector));

    [Fact]
    public Task In_sqlite_what_was_plain_is_gone_when_it_ended() => RunAsync(isKeyed: true, builder => builder
        .UseSqliteApprovals(Path.Combine(builder.GetFolder(), "approvals.plain"), options => options.Protector = ApprovalProtector.Plain));

    [RedisTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task In_redis(bool isKeyed)
    {
        await using var server = new RedisServer();
        await server.StartAsync(appendFsync: "no");
        await using ConnectionMultiplexer connection = await server.ConnectAsync(allowAdmin: true);
        await RunAsync(
            isKeyed,
            builder =>
            {
                builder.Services.AddSingleton<IConnectionMultiplexer>(connection);
                builder.UseRedisCounters(options => options.Deadline = TimeSpan.FromMinutes(1)).UseRedisApprovals(
                    options => (options.Deadline, options.Protector) = (TimeSpan.FromMinutes(1), Protector));
            },
            witness => RedisDump.SeeAsync(witness, connection));
    }

    /// <summary>What the search would find: the names of counters are told.</summary>
    [RedisFact]
    public async Task The_search_of_redis_finds_what_stands_there()
    {
        await using var server = new RedisServer();
        await server.StartAsync(appendFsync: "no");
        await using ConnectionMultiplexer connection = await server.ConnectAsync(allowAdmin: true);
        var plant = new Plant();
        foreach (string kind in (string[])["string", "hash", "sorted set", "set", "list", "key"])
        {
            string secret = plant.Text(kind);
            IDatabase database = connection.GetDatabase();
            await (kind switch
            {
                "string" => database.StringSetAsync(kind, secret),
                "hash" => database.HashSetAsync(kind, [new(secret, 1)]),
                "sorted set" => database.SortedSetAddAsync(kind, secret, 1),
                "set" => database.SetAddAsync(kind, secret),
                "list" => database.ListRightPushAsync(kind, secret),
                _ => database.StringSetAsync(secret, 1),
            });
        }

        var witness = new Witness();
        await RedisDump.SeeAsync(witness, connection);
        Assert.All(plant.Secrets, secret => Assert.Equal(["files of redis", "redis"], witness.PlacesOf(secret).Order()));
    }

    private static IApprovalProtector Protector { get; } = ApprovalProtector.Encrypting(Stage.Keys);

    private static async Task RunAsync(bool isKeyed, Action<PolicyLayerBuilder> configure, Func<Witness, Task>? see = null)
    {
        var plant = new Plant();
        var reasons = new Plant();
        PlantedCall[] calls = [.. JudgedPositions.Of(plant).Where(call => call.Entry.Contains("limits", StringComparison.Ordinal)
            || call.Entry.Contains("after", StringComparison.Ordinal) || call.Name == "value-allowed")];
        PlantedCall[] asking = [.. ApprovalPositions.Of(plant)];
        await using var stage = new Stage(PlantedCall.PolicyOf([.. calls, .. asking]), plant, builder =>
        {
            configure(builder);
            if (!isKeyed)
            {
                builder.Services.RemoveAll<PolicyLayerKeys>();
            }
        });
        foreach (PlantedCall call in calls)
        {
            await stage.CallAsync(call.ToCall());
            await stage.CallAsync(call.ToCall() with { MayContinue = true }, ToolCallOutcome.NotExecuted);
        }

        await ContinueAsync(stage, plant, calls[0].ToCall() with { MayContinue = true });
        await new ApprovalRun(stage, reasons).RunAsync(asking);
        await (see?.Invoke(stage.Witness) ?? Task.CompletedTask);
        await stage.EndAsync();
        stage.Witness.AssertHasNone(plant.Secrets);

        // Why a person refused, the agent is told, and so are records and logs of it.
        string[] untold = [ActivityWitness.Place, MetricWitness.Place, EventWitness.Place, FaultWitness.Place, "counters"];
        Assert.All(reasons.Secrets, reason => Assert.Empty(stage.Witness.PlacesOf(reason).Intersect(untold)));
    }

    private static async Task ContinueAsync(Stage stage, Plant plant, ToolCall call)
    {
        var sealer = new ContinuationSealer(Stage.Keys, timeProvider: stage.Clock);
        ToolCallDecision first = await stage.Authorizer.AuthorizeAsync(call);
        string state = sealer.Seal(first, call, "principal")!;
        stage.Witness.See("sealed continuations", state);
        Assert.Null(sealer.Open(state[..^2], call, "principal"));
        ToolCall next = call with
        {
            Continues = sealer.Open(state, call, "principal"),
            Inputs = ToolArguments.FromJson($$"""{"{{plant.Text("name of an answer")}}":"{{plant.Text("answer")}}"}"""),
        };
        ToolCallDecision second = await stage.Authorizer.AuthorizeAsync(next);
        Assert.True(second.IsAllowed && second.Continues);
        await stage.Authorizer.CompleteAsync(second, ToolCallOutcome.Succeeded);
    }
}
