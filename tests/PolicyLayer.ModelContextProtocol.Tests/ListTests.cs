using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace PolicyLayer.Tests.Mcp;

/// <summary>What lists of tools show.</summary>
public sealed class ListTests
{
    private const string Policy = """
        { "version": "1", "default": "deny", "hide": ["secret", "sh*"],
          "tools": { "echo": {}, "sum": {}, "forbidden": { "action": "deny" } } }
        """;

    public static TheoryData<string> Revisions => GuardedServer.Revisions;

    [Theory]
    [MemberData(nameof(Revisions))]
    public async Task Hidden_tools_are_left_out_and_the_rest_is_as_it_was(string revision)
    {
        await using GuardedServer guarded = GuardedServer.Start(Policy, new TestTools());
        await using GuardedServer plain = GuardedServer.Start(null, new TestTools());
        IEnumerable<string> all = await ListAsync(await plain.ConnectAsync(revision));

        IEnumerable<string> shown = await ListAsync(await guarded.ConnectAsync(revision));

        Assert.Equal(7, all.Count());
        Assert.Equal(
            all.Where(tool => !tool.Contains("\"secret\"", StringComparison.Ordinal))
                .Where(tool => !tool.Contains("\"shout\"", StringComparison.Ordinal)),
            shown);
    }

    [Theory]
    [MemberData(nameof(Revisions))]
    public async Task By_an_option_what_can_never_be_called_is_left_out_too(string revision)
    {
        await using GuardedServer server = GuardedServer.Start(Policy, new TestTools(), options => options.HidesUncallable = true);
        McpClient client = await server.ConnectAsync(revision);

        Assert.Equal(["echo", "sum"], (await client.ListToolsAsync()).Select(tool => tool.Name));
    }

    [Fact]
    public async Task Lists_are_private_and_kept_for_a_minute_at_most()
    {
        foreach ((double? served, double expected) in new (double?, double)[] { (3600, 60_000), (5, 5_000), (null, 0) })
        {
            await using GuardedServer server = GuardedServer.Start(Policy, builder => builder
                .WithTools(new TestTools().All)
                .WithRequestFilters(filters => filters.AddListToolsFilter(next => async (request, cancellationToken) =>
                {
                    var result = await next(request, cancellationToken);
                    result.TimeToLive = served is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
                    result.CacheScope = CacheScope.Public;
                    return result;
                })));
            using RawClient client = await server.OpenRaw(GuardedServer.July2026).ReadyAsync();

            JsonNode result = (await client.SendAsync("tools/list", $$"""{ {{client.Meta}} }"""))["result"]!;

            Assert.Equal("private", (string?)result["cacheScope"]);
            Assert.Equal(expected, (double)result["ttlMs"]!);
        }
    }

    [Fact]
    public async Task Tools_of_a_handler_are_filtered_and_their_schemas_remembered()
    {
        var tools = new TestTools();
        await using GuardedServer server = GuardedServer.Start(Policy, builder => builder
            .WithListToolsHandler((_, _) => new(new ListToolsResult
            {
                Tools = [.. tools.All.Select(tool => tool.ProtocolTool)],
            }))
            .WithCallToolHandler((request, _) => new(new CallToolResult
            {
                Content = [new TextContentBlock { Text = tools.Run(request.Params!.Name, null) }],
            })));
        McpClient client = await server.ConnectAsync(GuardedServer.November2025);

        // What a client was shown before isn't known.
        Assert.Null((await client.CallToolAsync("forbidden")).StructuredContent);
        Assert.DoesNotContain("secret", (await client.ListToolsAsync()).Select(tool => tool.Name));
        Assert.NotNull((await client.CallToolAsync("forbidden")).StructuredContent);
        Assert.Equal("echo: ", ((TextContentBlock)(await client.CallToolAsync("echo")).Content[0]).Text);
        Assert.Equal("hidden", CallTests.Code(await client.CallToolAsync("secret")));
        Assert.Equal(["echo()"], tools.Ran);
    }

    private static async Task<IEnumerable<string>> ListAsync(McpClient client) =>
        [.. (await client.ListToolsAsync()).Select(tool => JsonSerializer.Serialize(tool.ProtocolTool, McpJsonUtilities.DefaultOptions))];
}
