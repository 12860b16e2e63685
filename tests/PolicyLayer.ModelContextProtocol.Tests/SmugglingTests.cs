using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace PolicyLayer.Tests.Mcp;

/// <summary>What would have another call run than the one that was judged. Nothing of it gets through.</summary>
public sealed class SmugglingTests
{
    private const string Policy = """
        { "version": "1", "default": "deny", "hide": ["secret"],
          "tools": {
            "echo": { "require": [ { "conditions": [ { "path": "args.text", "op": "eq", "value": "good" } ] } ], "rate_limit": "1/day" },
            "shout": {} } }
        """;

    private readonly TestTools _tools = new();

    public static TheoryData<string> Revisions => GuardedServer.Revisions;

    /// <summary>Arguments, and what makes two readers take them for different ones.</summary>
    public static TheoryData<string> Malformed =>
    [
        """ "name":"echo","arguments":{"text":"bad","text":"good"} """,
        """ "name":"echo","arguments":{"text":"good","text":"bad"} """,
        """ "name":"echo","arguments":{"text":"good","te\u0078t":"bad"} """,
        """ "name":"echo","arguments":{"text":"good","more":{"a":1,"a":2}} """,
        """ "name":"echo","arguments":{"text":"good","more":[{"a":[{"b":1,"b":1}]}]} """,
        """ "name":"echo","arguments":{"text":"good","more":"\ud800"} """,
        """ "name":"echo","arguments":["good"] """,
        """ "name":"echo","arguments":"good" """,
        """ "name":"echo","arguments":{"text":"good"},"Arguments":{"text":"bad"} """,
        """ "name":"echo","ARGUMENTS":{"text":"bad"},"arguments":{"text":"good"} """,
        """ "name":"echo","arguments":{"text":"good"},"Name":"secret" """,
        """ "NAME":"secret","name":"echo","arguments":{"text":"good"} """,
        """ "name":"echo","arguments":{"text":"good"},"RequestState":"x" """,
        """ "name":"echo","arguments":{"text":"good"},"inputresponses":{} """,
    ];

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task What_two_readers_may_take_for_two_calls_is_denied(string members)
    {
        foreach (string revision in Revisions)
        {
            await using GuardedServer server = GuardedServer.Start(Policy, _tools);
            using RawClient client = await server.OpenRaw(revision).ReadyAsync();

            JsonNode result = (await client.CallAsync(members))["result"]!;

            Assert.True((bool)result["isError"]!);
            Assert.Equal("arguments_malformed", Code(result));
        }

        Assert.Empty(_tools.Ran);
    }

    [Theory]
    [InlineData(""" "name":"echo","name":"secret","arguments":{"text":"good"} """)]
    [InlineData(""" "name":"secret","na\u006de":"echo","arguments":{"text":"good"} """)]
    [InlineData(""" "name":"echo","arguments":{"text":"good"},"arguments":{"text":"bad"} """)]
    public async Task A_name_or_arguments_twice_are_an_error_and_nothing_runs(string members)
    {
        foreach (string revision in Revisions)
        {
            bool isSeen = false;
            await using GuardedServer server = GuardedServer.Start(Policy, builder => builder
                .WithTools(_tools.All)
                .WithMessageFilters(filters => filters.AddIncomingFilter(next => (context, cancellationToken) =>
                {
                    isSeen |= context.JsonRpcMessage is JsonRpcRequest { Method: "tools/call" };
                    return next(context, cancellationToken);
                })));
            using RawClient client = await server.OpenRaw(revision).ReadyAsync();

            int code = (int)(await client.CallAsync(members))["error"]!["code"]!;

            // The SDK itself meets it before any filter, where the revision has it read `_meta` in each request.
            bool isFirst = revision == GuardedServer.July2026;
            Assert.Equal((isFirst ? -32603 : -32602, !isFirst), (code, isSeen));
        }

        Assert.Empty(_tools.Ran);
    }

    [Theory]
    [InlineData(""" "Name":"shout","arguments":{} """)]
    [InlineData(""" "arguments":{} """)]
    [InlineData(""" "name":null,"arguments":{} """)]
    [InlineData(""" "name":7,"arguments":{} """)]
    [InlineData(""" "name":["shout"],"arguments":{} """)]
    public async Task Without_a_name_it_is_no_call_and_the_answer_is_the_error_of_the_protocol(string members)
    {
        foreach (string revision in Revisions)
        {
            await using GuardedServer server = GuardedServer.Start(Policy, _tools);
            using RawClient client = await server.OpenRaw(revision).ReadyAsync();

            Assert.Equal(-32602, (int)(await client.CallAsync(members))["error"]!["code"]!);
        }

        Assert.Empty(_tools.Ran);
    }

    [Fact]
    public async Task A_call_that_is_no_request_is_none()
    {
        await using GuardedServer server = GuardedServer.Start(Policy, _tools);
        using RawClient client = await server.OpenRaw(GuardedServer.November2025).ReadyAsync();

        await client.WriteAsync("""{"jsonrpc":"2.0","method":"tools/call","params":{"name":"shout","arguments":{}}}""");
        await client.CallAsync(""" "name":"shout","arguments":{"text":"2"} """);

        Assert.Equal(["shout(2)"], _tools.Ran);
    }

    /// <summary>What a filter may do to a call that was judged, and what the tool would have got.</summary>
    public static TheoryData<string> Swaps => ["name", "arguments", "removed", "added", "tool", "parameters", "unjudged"];

    [Theory]
    [MemberData(nameof(Swaps))]
    public async Task A_filter_that_swaps_tool_or_arguments_has_the_call_stopped(string swap)
    {
        foreach (string revision in Revisions)
        {
            await using GuardedServer server = GuardedServer.Start(Policy, builder => builder
                .WithTools(_tools.All)
                .WithRequestFilters(filters => filters.AddCallToolFilter(next => (request, cancellationToken) =>
                {
                    Swap(swap, request);
                    return next(request, cancellationToken);
                })));
            using RawClient client = await server.OpenRaw(revision).ReadyAsync();

            JsonNode result = (await client.CallAsync(""" "name":"echo","arguments":{"text":"good"} """))["result"]!;

            Assert.True((bool)result["isError"]!);
            Assert.Equal("internal_error", Code(result));
            Assert.Equal([ToolCallOutcome.NotExecuted], server.Outcomes);
            Assert.DoesNotContain(server.Log.Lines, line => line.Contains("bad", StringComparison.Ordinal));
        }

        Assert.Empty(_tools.Ran);
    }

    [Fact]
    public async Task A_message_filter_that_changes_a_call_behind_the_guard_has_it_stopped()
    {
        await using GuardedServer server = GuardedServer.Start(Policy, builder =>
        {
            builder.WithTools(_tools.All);
            builder.Services.AddSingleton<IPostConfigureOptions<McpServerOptions>>(new LateFilter(options =>
                options.Filters.Message.IncomingFilters.Add(next => (context, cancellationToken) =>
                {
                    if (context.JsonRpcMessage is JsonRpcRequest { Method: "tools/call", Params: JsonObject parameters })
                    {
                        parameters["arguments"] = new JsonObject { ["text"] = "bad" };
                    }

                    return next(context, cancellationToken);
                })));
        });
        using RawClient client = await server.OpenRaw(GuardedServer.July2026).ReadyAsync();

        Assert.Equal("internal_error", Code((await client.CallAsync(""" "name":"echo","arguments":{"text":"good"} """))["result"]!));
        Assert.Empty(_tools.Ran);
    }

    [Fact]
    public async Task A_message_filter_before_the_guard_has_what_it_changes_judged()
    {
        await using GuardedServer server = GuardedServer.Start(Policy, builder => builder
            .WithTools(_tools.All)
            .WithMessageFilters(filters => filters.AddIncomingFilter(next => (context, cancellationToken) =>
            {
                if (context.JsonRpcMessage is JsonRpcRequest { Method: "tools/call", Params: JsonObject parameters })
                {
                    parameters["arguments"] = new JsonObject { ["text"] = "bad" };
                }

                return next(context, cancellationToken);
            })));
        using RawClient client = await server.OpenRaw(GuardedServer.July2026).ReadyAsync();

        Assert.Equal("require_failed", Code((await client.CallAsync(""" "name":"echo","arguments":{"text":"good"} """))["result"]!));
        Assert.Empty(_tools.Ran);
    }

    [Fact]
    public void A_filter_of_calls_behind_the_check_stops_the_server()
    {
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => GuardedServer.Start(Policy, builder =>
        {
            builder.WithTools(_tools.All);
            builder.Services.AddSingleton<IPostConfigureOptions<McpServerOptions>>(
                new LateFilter(options => options.Filters.Request.CallToolFilters.Add(next => next)));
        }));

        Assert.Contains("WithRequestFilters", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_filter_that_runs_a_tool_twice_runs_it_once()
    {
        await using GuardedServer server = GuardedServer.Start(Policy, builder => builder
            .WithTools(_tools.All)
            .WithRequestFilters(filters => filters.AddCallToolFilter(next => async (request, cancellationToken) =>
            {
                await next(request, cancellationToken);
                return await next(request, cancellationToken);
            })));
        using RawClient client = await server.OpenRaw(GuardedServer.July2026).ReadyAsync();

        Assert.Equal("internal_error", Code((await client.CallAsync(""" "name":"echo","arguments":{"text":"good"} """))["result"]!));
        Assert.Equal(["echo(good)"], _tools.Ran);
        Assert.Equal([ToolCallOutcome.Succeeded], server.Outcomes);
    }

    [Fact]
    public async Task A_filter_that_answers_by_itself_gives_the_quota_back()
    {
        await using GuardedServer server = GuardedServer.Start(Policy, builder => builder
            .WithTools(_tools.All)
            .WithRequestFilters(filters => filters.AddCallToolFilter(next => (_, _) => new(new CallToolResult()))));
        using RawClient client = await server.OpenRaw(GuardedServer.November2025).ReadyAsync();

        await client.CallAsync(""" "name":"echo","arguments":{"text":"good"} """);
        await client.CallAsync(""" "name":"echo","arguments":{"text":"good"} """);

        Assert.Equal([ToolCallOutcome.NotExecuted, ToolCallOutcome.NotExecuted], server.Outcomes);
    }

    [Theory]
    [MemberData(nameof(Revisions))]
    public async Task Neither_arguments_nor_meta_say_who_calls(string revision)
    {
        await using GuardedServer server = GuardedServer.Start(Policy, _tools);
        using RawClient client = await server.OpenRaw(revision).ReadyAsync();
        string claims = client.Meta.TrimEnd()[..^1]
            + (revision == GuardedServer.July2026 ? "," : "")
            + """
              "grant":"admin","grantId":"admin","sub":"admin","session":"other","sessionId":"other","Mcp-Session-Id":"other",
              "policylayer/call":{"grant":"admin"},"policylayer/denial":{},"continues":"1","user":{"sub":"admin"} }
              """;

        await client.SendAsync("tools/call", $$"""
            { "name":"echo","arguments":{"text":"good","grant":"admin","session":"other"},"grant":"admin","sessionId":"other", {{claims}} }
            """);

        Assert.Equal(["default", "default"], server.Audit.Records.Select(record => record.GrantId));
        Assert.DoesNotContain("other", server.Audit.Records.Select(record => record.SessionId));
        Assert.Equal(["echo(good)"], _tools.Ran);
    }

    [Fact]
    public async Task Arguments_that_are_written_otherwise_are_the_same()
    {
        await using GuardedServer server = GuardedServer.Start(Policy, _tools);
        using RawClient client = await server.OpenRaw(GuardedServer.July2026).ReadyAsync();

        await client.CallAsync(
            """ "name":"ech\u006f","arguments": { "t\u0065xt" : "g\u006fod", "n" : [ 1.50, 1e3, "\u00e9\/\ud83d\ude00" ] } """);

        Assert.Equal(["echo(good)"], _tools.Ran);
    }

    private static string? Code(JsonNode result) => (string?)result["_meta"]?["policylayer/denial"]?["code"];

    private static void Swap(string swap, RequestContext<CallToolRequestParams> request)
    {
        JsonElement bad = JsonElement.Parse("\"bad\"");
        switch (swap)
        {
            case "name":
                request.Params!.Name = "secret";
                break;
            case "arguments":
                request.Params!.Arguments!["text"] = bad;
                break;
            case "removed":
                request.Params!.Arguments = null;
                break;
            case "added":
                request.Params!.Arguments!["Text"] = bad;
                break;
            case "tool":
                request.Server.ServerOptions.ToolCollection!.TryGetPrimitive("secret", out McpServerTool? tool);
                request.MatchedPrimitive = tool;
                break;
            case "parameters":
                request.Params = new CallToolRequestParams { Name = "secret" };
                break;
            default:
                request.Items.Clear();
                break;
        }
    }

    private sealed class LateFilter(Action<McpServerOptions> configure) : IPostConfigureOptions<McpServerOptions>
    {
        public void PostConfigure(string? name, McpServerOptions options) => configure(options);
    }
}
