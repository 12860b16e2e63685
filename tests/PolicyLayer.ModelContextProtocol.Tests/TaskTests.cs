using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using PolicyLayer.Auditing;

namespace PolicyLayer.Tests.Mcp;

/// <summary>Calls that run as tasks (2025-11-25) are judged as any, once, and stay open behind their answer.</summary>
public sealed class TaskTests
{
    private const string Policy = """
        { "version": "1", "default": "deny", "hide": ["secret"],
          "tools": { "echo": { "rate_limit": "2/day" }, "fails": { "rate_limit": "2/day" }, "closed": { "action": "deny" } } }
        """;

    private const string AsTask = """ "task":{"ttl":60000} """;

    private readonly TestTools _tools = new();
    private readonly TaskServer _tasks = new();

    [Theory]
    [InlineData("filter")]
    [InlineData("handler")]
    public async Task A_call_is_judged_once_and_its_task_passes_unchanged(string way)
    {
        await using GuardedServer guarded = Start(Policy, way);
        await using GuardedServer plain = Start(null, way);
        using RawClient client = await guarded.OpenRaw(GuardedServer.November2025).ReadyAsync();
        using RawClient other = await plain.OpenRaw(GuardedServer.November2025).ReadyAsync();
        string call = $$""" "name":"echo","arguments":{"text":"x"},{{AsTask}} """;

        JsonNode created = (await client.CallAsync(call))["result"]!;
        string id = (string)created["task"]!["taskId"]!;
        JsonNode atWork = await client.SendAsync("tasks/get", $$"""{"taskId":"{{id}}"}""");
        Assert.Equal(WithId((await other.CallAsync(call))["result"]!, id), created.ToJsonString());
        Assert.Equal("working", (string?)atWork["result"]!["status"]);
        Assert.Empty(_tools.Ran);
        Assert.Empty(guarded.Outcomes);

        _tasks.Go();
        JsonNode result = (await client.SendAsync("tasks/result", $$"""{"taskId":"{{id}}"}"""))["result"]!;
        JsonNode done = await client.SendAsync("tasks/get", $$"""{"taskId":"{{id}}"}""");

        Assert.Equal("echo: x", (string?)result["content"]![0]!["text"]);
        Assert.Equal("completed", (string?)done["result"]!["status"]);
        Assert.Single(guarded.Audit.Records, record => record.Kind == AuditRecordKind.Decision);
    }

    [Theory]
    [InlineData("filter", "echo", ToolCallOutcome.Succeeded)]
    [InlineData("filter", "fails", ToolCallOutcome.Failed)]
    [InlineData("handler", "echo", null)]
    public async Task The_outcome_is_the_tools_where_it_is_seen_to_run_and_nobodys_where_it_is_not(
        string way, string tool, ToolCallOutcome? expected)
    {
        await using GuardedServer server = Start(Policy, way);
        using RawClient client = await server.OpenRaw(GuardedServer.November2025).ReadyAsync();
        JsonNode created = (await client.CallAsync($$""" "name":"{{tool}}","arguments":{"text":"x"},{{AsTask}} """))["result"]!;
        Assert.Empty(server.Outcomes);

        _tasks.Go();
        await client.SendAsync("tasks/result", $$"""{"taskId":"{{(string?)created["task"]!["taskId"]}}"}""");

        Assert.Equal(expected is null ? [] : [expected], server.Outcomes);
        Assert.Equal([$"{tool}(x)"], _tools.Ran);
    }

    [Theory]
    [InlineData("filter")]
    [InlineData("handler")]
    public async Task What_the_policy_forbids_becomes_no_task_and_limits_count_tasks(string way)
    {
        await using GuardedServer server = Start(Policy, way);
        using RawClient client = await server.OpenRaw(GuardedServer.November2025).ReadyAsync();
        _tasks.Go();
        foreach ((string tool, string? code) in new[]
        {
            ("closed", "action_deny"), ("secret", "hidden"), ("shout", "not_listed"),
            ("echo", null), ("echo", null), ("echo", "limit_exceeded"),
        })
        {
            JsonNode result = (await client.CallAsync($$""" "name":"{{tool}}","arguments":{"text":"x"},{{AsTask}} """))["result"]!;
            Assert.Equal(code, (string?)result["_meta"]?["policylayer/denial"]?["code"]);
            Assert.Equal(code is null, result["task"] is not null);
            if (result["task"] is { } task)
            {
                await client.SendAsync("tasks/result", $$"""{"taskId":"{{(string?)task["taskId"]}}"}""");
            }
        }

        Assert.Equal(["echo(x)", "echo(x)"], _tools.Ran);
    }

    [NodeFact]
    public async Task The_official_TypeScript_client_runs_tasks_and_meets_the_policy()
    {
        _tasks.Go();
        await using GuardedServer server = Start(Policy, "filter");

        JsonNode seen = await server.ServeNodeAsync("tasks");

        Assert.Equal("task-1", (string?)seen["created"]!["task"]!["taskId"]);
        Assert.Equal("echo: y", (string?)seen["result"]!["content"]![0]!["text"]);
        Assert.Equal("completed", (string?)seen["status"]!["status"]);
        JsonArray stream = seen["stream"]!.AsArray();
        Assert.Equal("taskCreated", (string?)stream[0]!["type"]);
        Assert.Equal("echo: x", (string?)stream[^1]!["result"]!["content"]![0]!["text"]);
        Assert.Equal("error", (string?)Assert.Single(seen["closed"]!.AsArray())!["type"]);
        Assert.Equal(["echo(y)", "echo(x)"], _tools.Ran);
        Assert.Equal([ToolCallOutcome.Succeeded, ToolCallOutcome.Succeeded], server.Outcomes);
    }

    private static string WithId(JsonNode created, string id)
    {
        created["task"]!["taskId"] = id;
        return created.ToJsonString();
    }

    private GuardedServer Start(string? policy, string way) => GuardedServer.Start(policy, builder =>
    {
        if (way == "filter")
        {
            _tasks.AddFilter(builder.WithTools(_tools.All));
        }
        else
        {
            _tasks.AddHandler(builder, _tools);
        }
    });
}
