using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using PolicyLayer.Tests.Mcp;
using PolicyLayer.Tests.Proxy.Clients;

namespace PolicyLayer.Tests.Proxy.Bridging;

/// <summary>The official clients over HTTP, before servers that are processes.</summary>
public sealed class BridgedClientsTests
{
    private const string All = """{ "version": "1", "default": "allow" }""";

    [NodeTheory]
    [InlineData("sdk")]
    [InlineData("client")]
    public async Task All_that_a_server_has_comes_through_where_nothing_is_forbidden(string client)
    {
        await using GuardedAddress proxy = await GuardedAddress.StartAsync(All, ProxyProcess.Everything);

        JsonObject[] seen = await Task.WhenAll(
            NodeScripts.RunAsync("walk-everything.mjs", [client, "stdio", .. ProxyProcess.Everything]),
            NodeScripts.RunAsync("walk-everything.mjs", client, "http", proxy.Address.AbsoluteUri, proxy.Token));

        // It is the proxy's own, and the client's own has less.
        Without("environment", seen);

        // The older client doesn't say it over standard input and output.
        Assert.All(seen, walk => walk.Remove("revision"));
        Everything.RequireSame(seen[0], seen[1]);
    }

    [NodeTheory]
    [InlineData("client-legacy")]
    public async Task What_a_policy_forbids_differs_and_nothing_else(string client)
    {
        await using GuardedAddress proxy = await GuardedAddress.StartAsync(Everything.Policy, ProxyProcess.Everything);

        JsonObject[] seen = await Task.WhenAll(
            NodeScripts.RunAsync("walk-everything.mjs", [client, "stdio", .. ProxyProcess.Everything]),
            NodeScripts.RunAsync("walk-everything.mjs", client, "http", proxy.Address.AbsoluteUri, proxy.Token));

        Everything.RequireGuarded(seen[0], seen[1]);
    }

    [NodeTheory]
    [InlineData("client", "--stateless")]
    [InlineData("sdk", "--stateful")]
    public async Task A_server_of_other_makers_comes_through(string client, string sessions)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(
            [.. ProxyProcess.Sample, "--listen", "http://127.0.0.1:0", sessions]);
        await using GuardedAddress proxy = await GuardedAddress.StartAsync(All, ProxyProcess.Sample);

        JsonObject direct = await UseAsync(client, server.Address);
        JsonObject seen = await UseAsync(client, proxy.Address, proxy.Token);

        SampleServer.RequireSame(direct, seen);
    }

    [Theory]
    [InlineData("2026-07-28", "--stateless")]
    [InlineData("2025-11-25", "--stateful")]
    public async Task The_client_in_this_language_sees_the_same(string revision, string sessions)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(
            [.. ProxyProcess.Sample, "--listen", "http://127.0.0.1:0", sessions]);
        await using GuardedAddress proxy = await GuardedAddress.StartAsync(All, ProxyProcess.Sample);

        JsonObject direct = await SdkWalk.OfSampleAsync(To(server.Address, null), revision);
        JsonObject seen = await SdkWalk.OfSampleAsync(To(proxy.Address, proxy.Token), revision);

        // Without sessions a server over HTTP says that nothing it has will change, and this one answers all with events: the client
        // quotes an error's body.
        if (sessions == "--stateless")
        {
            Without("server", direct, seen);
            Without("unknown", direct, seen);
        }

        SdkWalk.RequireSame(direct, seen);
    }

    private static void Without(string step, params JsonObject[] walks) =>
        Assert.All(walks, walk => Assert.True(walk["seen"]!.AsObject().Remove(step)));

    private static HttpClientTransport To(Uri address, string? token) => new(new HttpClientTransportOptions
    {
        Endpoint = address,
        TransportMode = HttpTransportMode.StreamableHttp,
        AdditionalHeaders = token is null ? null : new Dictionary<string, string> { ["Authorization"] = $"Bearer {token}" },
    });

    private static Task<JsonObject> UseAsync(string client, Uri address, params string[] token) =>
        NodeScripts.RunAsync("use-server.mjs", [client, "http", address.AbsoluteUri, "ci", "a-session", .. token]);
}
