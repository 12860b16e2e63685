using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace PolicyLayer.Tests.Mcp;

/// <summary>What a client of the SDK sees of calls, in each revision.</summary>
public sealed class CallTests
{
    private const string Policy = """
        { "version": "1", "default": "deny", "hide": ["secret"],
          "tools": {
            "echo": { "rate_limit": "2/day" },
            "shout": { "require": [
              { "conditions": [ { "path": "args.text", "op": "eq", "value": "hello" } ], "on_deny": "Only hello." } ] },
            "sum": { "require": [ { "conditions": [ { "path": "args.a", "op": "lt", "value": 10 } ] } ] },
            "forbidden": { "action": "deny", "reason": "Never." },
            "fails": { "rate_limit": "1/day" }, "throws": { "rate_limit": "1/day" } } }
        """;

    private readonly TestTools _tools = new();

    public static TheoryData<string> Revisions => GuardedServer.Revisions;

    [Theory]
    [MemberData(nameof(Revisions))]
    public async Task What_the_policy_allows_answers_as_without_it(string revision)
    {
        var plainTools = new TestTools();
        await using GuardedServer guarded = GuardedServer.Start(Policy, _tools);
        await using GuardedServer plain = GuardedServer.Start(null, plainTools);
        McpClient client = await guarded.ConnectAsync(revision);
        McpClient other = await plain.ConnectAsync(revision);
        foreach ((string tool, object arguments) in new (string, object)[]
        {
            ("echo", new { text = "a \"b\" \u00e9" }), ("shout", new { text = "hello" }), ("sum", new { a = 2, b = 3 }),
        })
        {
            CallToolResult expected = await other.CallToolAsync(tool, Arguments(arguments));
            Assert.Equal(Shown(expected), Shown(await client.CallToolAsync(tool, Arguments(arguments))));
        }

        Assert.Equal(plainTools.Ran, _tools.Ran);
        Assert.Equal([ToolCallOutcome.Succeeded, ToolCallOutcome.Succeeded, ToolCallOutcome.Succeeded], guarded.Outcomes);
    }

    [Theory]
    [MemberData(nameof(Revisions))]
    public async Task A_denial_is_a_result_with_the_message_and_its_details(string revision)
    {
        await using GuardedServer server = GuardedServer.Start(Policy, _tools);
        McpClient client = await server.ConnectAsync(revision);

        CallToolResult result = await client.CallToolAsync("shout", Arguments(new { text = "HELLO" }));

        Assert.True(result.IsError);
        Assert.Equal("[POLICY DENIED] Only hello.", Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text);
        JsonNode details = result.Meta!["policylayer/denial"]!;
        Assert.Equal("""{"code":"require_failed","rule":"/tools/shout/require/0"}""", details.ToJsonString());
        Assert.Equal(details.ToJsonString(), result.StructuredContent!.Value.GetRawText());
        Assert.Empty(_tools.Ran);
    }

    [Theory]
    [MemberData(nameof(Revisions))]
    public async Task Hidden_unlisted_unknown_and_forbidden_tools_are_denied_as_results(string revision)
    {
        await using GuardedServer server = GuardedServer.Start(Policy, _tools);
        McpClient client = await server.ConnectAsync(revision);
        foreach ((string tool, string code) in new[]
        {
            ("secret", "hidden"), ("forbidden", "action_deny"), ("unheard_of", "not_listed"), ("Echo", "not_listed"),
        })
        {
            CallToolResult result = await client.CallToolAsync(tool, Arguments(new { text = "x" }));
            Assert.True(result.IsError);
            Assert.Equal(code, Code(result));
        }

        Assert.Empty(_tools.Ran);
        Assert.Empty(server.Outcomes);
    }

    [Theory]
    [MemberData(nameof(Revisions))]
    public async Task A_limit_says_when_to_come_back(string revision)
    {
        await using GuardedServer server = GuardedServer.Start(Policy, _tools);
        McpClient client = await server.ConnectAsync(revision);
        await client.CallToolAsync("echo", Arguments(new { text = "1" }));
        await client.CallToolAsync("echo", Arguments(new { text = "2" }));

        CallToolResult third = await client.CallToolAsync("echo", Arguments(new { text = "3" }));

        JsonNode details = third.Meta!["policylayer/denial"]!;
        Assert.Equal("limit_exceeded", (string?)details["code"]);
        Assert.Equal("wait", (string?)details["unlock"]);
        Assert.True((long)details["retryAfterMs"]! > 0);
        Assert.Equal(["echo(1)", "echo(2)"], _tools.Ran);
    }

    [Theory]
    [MemberData(nameof(Revisions))]
    public async Task A_tool_with_an_output_schema_is_denied_without_structured_content(string revision)
    {
        await using GuardedServer server = GuardedServer.Start(Policy, _tools);
        McpClient client = await server.ConnectAsync(revision);

        CallToolResult result = await client.CallToolAsync("sum", Arguments(new { a = 11, b = 1 }));

        Assert.True(result.IsError);
        Assert.Equal("require_failed", Code(result));
        Assert.Null(result.StructuredContent);
    }

    [Theory]
    [MemberData(nameof(Revisions))]
    public async Task The_form_of_a_denial_does_not_tell_whether_a_tool_that_is_not_listed_exists(string revision)
    {
        foreach ((string policy, string code) in new[]
        {
            ("""{ "version": "1", "default": "deny", "hide": ["su*"] }""", "hidden"),
            ("""{ "version": "1", "default": "deny" }""", "not_listed"),
        })
        {
            await using GuardedServer server = GuardedServer.Start(policy, _tools, options => options.HidesUncallable = true);
            McpClient client = await server.ConnectAsync(revision);
            for (int i = 0; i < 2; i++)
            {
                CallToolResult existing = await client.CallToolAsync("sum", Arguments(new { a = 1, b = 1 }));
                CallToolResult missing = await client.CallToolAsync("sun", Arguments(new { a = 1, b = 1 }));

                Assert.Equal(code, Code(existing));
                Assert.NotNull(existing.StructuredContent);
                Assert.Equal(Shown(missing), Shown(existing).Replace("`sum`", "`sun`", StringComparison.Ordinal));

                // The second time the server has listed its tools.
                Assert.Empty(await client.ListToolsAsync());
            }
        }

        Assert.Empty(_tools.Ran);
    }

    [Theory]
    [MemberData(nameof(Revisions))]
    public async Task A_tool_that_fails_or_throws_is_reported_as_failed_and_keeps_its_charge(string revision)
    {
        await using GuardedServer server = GuardedServer.Start(Policy, _tools);
        McpClient client = await server.ConnectAsync(revision);
        foreach (string tool in new[] { "fails", "throws" })
        {
            Assert.True((await client.CallToolAsync(tool)).IsError);
            Assert.Equal("limit_exceeded", Code(await client.CallToolAsync(tool)));
        }

        Assert.Equal(["fails()", "throws()"], _tools.Ran);
        Assert.Equal([ToolCallOutcome.Failed, ToolCallOutcome.Failed], server.Outcomes);
    }

    [Theory]
    [MemberData(nameof(Revisions))]
    public async Task A_tool_that_the_policy_allows_and_nobody_has_never_ran(string revision)
    {
        await using GuardedServer server = GuardedServer.Start(
            """{ "version": "1", "default": "deny", "tools": { "ghost": { "rate_limit": "1/day" } } }""", _tools);
        McpClient client = await server.ConnectAsync(revision);

        await Assert.ThrowsAsync<McpProtocolException>(async () => await client.CallToolAsync("ghost"));
        await Assert.ThrowsAsync<McpProtocolException>(async () => await client.CallToolAsync("ghost"));

        Assert.Equal([ToolCallOutcome.NotExecuted, ToolCallOutcome.NotExecuted], server.Outcomes);
    }

    internal static Dictionary<string, object?> Arguments(object arguments) =>
        JsonSerializer.Deserialize<Dictionary<string, object?>>(JsonSerializer.Serialize(arguments))!;

    internal static string? Code(CallToolResult result) => (string?)result.Meta?["policylayer/denial"]?["code"];

    private static string Shown(CallToolResult result) => JsonSerializer.Serialize(result, McpJsonUtilities.DefaultOptions);
}
