using System.Text.Json.Nodes;
using PolicyLayer.Tests.Mcp;

namespace PolicyLayer.Tests.Proxy.Clients;

/// <summary>The official TypeScript clients and the server that has something of everything, over standard input and output.</summary>
public sealed class EverythingTests
{
    [NodeTheory]
    [InlineData("sdk")]
    [InlineData("client")]
    public async Task All_that_a_server_has_comes_through_byte_for_byte_where_nothing_is_forbidden(string client)
    {
        using var policy = new PolicyFile("""{ "version": "1", "default": "allow" }""");
        using var recording = new Recording();
        string[] proxied = recording.Around(server => ProxyProcess.Before(server, policy.Path), ProxyProcess.Everything);

        JsonObject[] seen = await Task.WhenAll(WalkAsync(client, ProxyProcess.Everything), WalkAsync(client, proxied));

        Everything.RequireSame(seen[0], seen[1]);
        recording.RequireSame();
    }

    [NodeTheory]
    [InlineData("sdk")]
    [InlineData("client-legacy")]
    public async Task What_a_policy_forbids_differs_and_nothing_else(string client)
    {
        using var policy = new PolicyFile(Everything.Policy);
        using var recording = new Recording();
        string[] proxied = recording.Around(server => ProxyProcess.Before(server, policy.Path), ProxyProcess.Everything);

        JsonObject[] seen = await Task.WhenAll(WalkAsync(client, ProxyProcess.Everything), WalkAsync(client, proxied));

        Everything.RequireGuarded(seen[0], seen[1]);
        string[] calls = [.. recording.ToServer().Where(line => line.Contains("tools/call", StringComparison.Ordinal))];
        Assert.Equal(2, calls.Count(line => line.Contains("\"name\":\"echo\"", StringComparison.Ordinal)));
        Assert.DoesNotContain(calls, line => line.Contains("get-structured-content", StringComparison.Ordinal));
        Assert.DoesNotContain(calls, line => line.Contains("get-env", StringComparison.Ordinal));
        Assert.DoesNotContain(calls, line => line.Contains("1e+21", StringComparison.Ordinal));
        Assert.Equal(50, calls.Count(line => line.Contains("\"name\":\"get-sum\"", StringComparison.Ordinal)));
    }

    private static Task<JsonObject> WalkAsync(string client, string[] server) =>
        NodeScripts.RunAsync("walk-everything.mjs", [client, "stdio", .. server]);
}
