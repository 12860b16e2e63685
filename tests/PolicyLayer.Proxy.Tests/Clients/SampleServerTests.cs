using System.Text.Json.Nodes;
using PolicyLayer.Tests.Mcp;

namespace PolicyLayer.Tests.Proxy.Clients;

/// <summary>The official TypeScript clients and the sample server in C#, over standard input and output.</summary>
public sealed class SampleServerTests
{
    [NodeTheory]
    [InlineData("sdk")]
    [InlineData("client")]
    public async Task A_server_comes_through_byte_for_byte_where_nothing_is_forbidden(string client)
    {
        using var policy = new PolicyFile("""{ "version": "1", "default": "allow" }""");
        using var recording = new Recording();
        string[] proxied = recording.Around(server => ProxyProcess.Before(server, policy.Path), ProxyProcess.Sample);

        JsonObject[] seen = await Task.WhenAll(UseAsync(client, ProxyProcess.Sample), UseAsync(client, proxied));

        SampleServer.RequireSame(seen[0], seen[1]);
        recording.RequireSame(SampleServer.Forgive);
    }

    [NodeTheory]
    [InlineData("client")]
    [InlineData("client-legacy")]
    public async Task A_policy_in_front_of_a_server_does_what_it_does_inside(string client)
    {
        JsonObject[] seen = await Task.WhenAll(
            UseAsync(client, [.. ProxyProcess.Sample, "--policy", ProxyProcess.SamplePolicy]),
            UseAsync(client, ProxyProcess.Before(ProxyProcess.Sample, ProxyProcess.SamplePolicy)));

        Assert.Contains("limit_exceeded", seen[0].ToJsonString(), StringComparison.Ordinal);
        SampleServer.RequireSame(SampleServer.AsFromOutside(seen[0]), seen[1]);
    }

    private static Task<JsonObject> UseAsync(string client, string[] server) =>
        NodeScripts.RunAsync("use-server.mjs", [client, "stdio", .. server]);
}
