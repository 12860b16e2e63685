using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Server;
using PolicyLayer.ModelContextProtocol;

namespace PolicyLayer.Tests.Mcp;

/// <summary>From 2026-07-28 on a client that wants to hear of another list of tools subscribes: a reload reaches those that did.</summary>
public sealed class ListChangeTests
{
    private const string Before =
        """{ "version": "1", "default": "deny", "hide": ["secret"], "tools": { "echo": {}, "reload": {}, "shout": {} } }""";

    private const string After =
        """{ "version": "1", "default": "deny", "hide": ["secret", "echo"], "tools": { "reload": {}, "shout": {} } }""";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_subscriber_hears_of_it(bool reloads)
    {
        await using GuardedServer server = GuardedServer.Start(Before, new TestTools());
        using RawClient client = await server.OpenRaw(GuardedServer.July2026).ReadyAsync();
        JsonNode acknowledged = await client.ListenAsync("""{"toolsListChanged":true}""");
        Assert.True((bool)acknowledged["params"]!["notifications"]!["toolsListChanged"]!);

        if (reloads)
        {
            await ReloadAsync(server);
        }
        else
        {
            server.Services.GetRequiredService<ToolListChanges>().Announce();
        }

        JsonNode heard = await client.HearAsync("notifications/tools/list_changed");
        Assert.Equal("listen", (string?)heard["params"]!["_meta"]!["io.modelcontextprotocol/subscriptionId"]);
        string list = (await client.SendAsync("tools/list", $$"""{ {{client.Meta}} }"""))["result"]!["tools"]!.ToJsonString();
        Assert.Equal(!reloads, list.Contains("\"echo\"", StringComparison.Ordinal));
    }

    [NodeFact]
    public async Task The_official_TypeScript_client_hears_of_a_reload_and_lists_anew()
    {
        var reload = new TaskCompletionSource();
        await using GuardedServer server = GuardedServer.Start(Before, builder => builder.WithTools(
            [.. new TestTools().All, McpServerTool.Create(() => reload.TrySetResult(), new() { Name = "reload" })]));

        Task<JsonNode> seeing = server.ServeNodeAsync("listens");
        await Task.WhenAny(reload.Task, seeing);
        await ReloadAsync(server);
        JsonNode seen = await seeing;

        Assert.Equal(GuardedServer.July2026, (string?)seen["revision"]);
        Assert.Equal("""{"toolsListChanged":true}""", seen["honored"]!.ToJsonString());
        string[] before = [.. seen["before"]!.AsArray().Select(name => (string)name!)];
        Assert.Contains("echo", before);
        Assert.Equal(before.Where(name => name != "echo"), seen["after"]!.AsArray().Select(name => (string)name!));
    }

    private static async Task ReloadAsync(GuardedServer server) => await server.Services.GetRequiredService<ToolCallAuthorizer>()
        .ReloadAsync(new PolicyBundle([Policy.Parse(After)]));
}
