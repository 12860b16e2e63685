using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using PolicyLayer.Tests.Mcp;

namespace PolicyLayer.Tests.Proxy.Clients;

/// <summary>The official clients over HTTP, with a token.</summary>
public sealed class HttpClientsTests
{
    private const string All = """{ "version": "1", "default": "allow" }""";

    [NodeTheory]
    [InlineData("sdk")]
    [InlineData("client")]
    public async Task All_that_a_server_has_comes_through_byte_for_byte_where_nothing_is_forbidden(string client)
    {
        await using ServerProcess plain = await ServerProcess.StartEverythingAsync();
        await using ServerProcess server = await ServerProcess.StartEverythingAsync();
        await using HttpRecorder behind = await HttpRecorder.StartAsync(server.Address);
        await using GuardedAddress proxy = await GuardedAddress.StartAsync(All, behind.Address);
        await using HttpRecorder before = await HttpRecorder.StartAsync(proxy.Address);

        JsonObject[] seen = await Task.WhenAll(
            WalkAsync(client, plain.Address), WalkAsync(client, before.Address, proxy.Token));

        Everything.RequireSame(seen[0], seen[1]);
        before.RequireSame(behind);
    }

    [NodeTheory]
    [InlineData("client-legacy")]
    public async Task What_a_policy_forbids_differs_and_nothing_else(string client)
    {
        await using ServerProcess plain = await ServerProcess.StartEverythingAsync();
        await using ServerProcess server = await ServerProcess.StartEverythingAsync();
        await using GuardedAddress proxy = await GuardedAddress.StartAsync(Everything.Policy, server.Address);

        JsonObject[] seen = await Task.WhenAll(WalkAsync(client, plain.Address), WalkAsync(client, proxy.Address, proxy.Token));

        Everything.RequireGuarded(seen[0], seen[1]);
    }

    [NodeTheory]
    [InlineData("sdk", "--stateful")]
    [InlineData("client", "--stateless")]
    public async Task A_policy_in_front_of_a_server_does_what_it_does_inside(string client, string sessions)
    {
        await using ServerProcess guarded = await ServerProcess.StartAsync(
            [.. ProxyProcess.Sample, "--listen", "http://127.0.0.1:0", sessions, "--policy", ProxyProcess.SamplePolicy]);
        await using ServerProcess plain = await ServerProcess.StartAsync(
            [.. ProxyProcess.Sample, "--listen", "http://127.0.0.1:0", sessions]);
        string policy = await File.ReadAllTextAsync(ProxyProcess.SamplePolicy);
        await using GuardedAddress proxy = await GuardedAddress.StartAsync(
            policy, plain.Address, options => options.SessionHeader = sessions == "--stateless" ? "X-Session" : null);

        JsonObject[] seen = await Task.WhenAll(
            UseAsync(client, guarded.Address), UseAsync(client, proxy.Address, proxy.Token));

        Assert.Contains("limit_exceeded", seen[0].ToJsonString(), StringComparison.Ordinal);
        SampleServer.RequireSame(SampleServer.AsFromOutside(seen[0]), seen[1]);
    }

    [NodeTheory]
    [InlineData("client", "--stateless")]
    [InlineData("sdk", "--stateful")]
    public async Task A_server_of_other_makers_comes_through_byte_for_byte(string client, string sessions)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(
            [.. ProxyProcess.Sample, "--listen", "http://127.0.0.1:0", sessions]);
        await using HttpRecorder behind = await HttpRecorder.StartAsync(server.Address);
        await using GuardedAddress proxy = await GuardedAddress.StartAsync(All, behind.Address);
        await using HttpRecorder before = await HttpRecorder.StartAsync(proxy.Address);

        JsonObject direct = await UseAsync(client, server.Address);
        JsonObject seen = await UseAsync(client, before.Address, proxy.Token);

        SampleServer.RequireSame(direct, seen);
        before.RequireSame(behind, SampleServer.Forgive);
    }

    [Theory]
    [InlineData("2026-07-28", "--stateless")]
    [InlineData("2025-11-25", "--stateful")]
    public async Task The_client_in_this_language_sees_the_same(string revision, string sessions)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(
            [.. ProxyProcess.Sample, "--listen", "http://127.0.0.1:0", sessions]);
        await using HttpRecorder behind = await HttpRecorder.StartAsync(server.Address);
        await using GuardedAddress proxy = await GuardedAddress.StartAsync(All, behind.Address);
        await using HttpRecorder before = await HttpRecorder.StartAsync(proxy.Address);

        JsonObject direct = await SdkWalk.OfSampleAsync(To(server.Address, null), revision);
        JsonObject seen = await SdkWalk.OfSampleAsync(To(before.Address, proxy.Token), revision);

        SdkWalk.RequireSame(direct, seen);
        before.RequireSame(behind, SampleServer.Forgive);
    }

    private static HttpClientTransport To(Uri address, string? token) => new(new HttpClientTransportOptions
    {
        Endpoint = address,
        TransportMode = HttpTransportMode.StreamableHttp,
        AdditionalHeaders = token is null ? null : new Dictionary<string, string> { ["Authorization"] = $"Bearer {token}" },
    });

    private static Task<JsonObject> WalkAsync(string client, Uri address, params string[] token) =>
        NodeScripts.RunAsync("walk-everything.mjs", [client, "http", address.AbsoluteUri, .. token]);

    private static Task<JsonObject> UseAsync(string client, Uri address, params string[] token) =>
        NodeScripts.RunAsync("use-server.mjs", [client, "http", address.AbsoluteUri, "ci", "a-session", .. token]);
}
