using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using PolicyLayer.Tests.Mcp;

namespace PolicyLayer.Tests.Proxy.Clients;

/// <summary>The C# client, over standard input and output.</summary>
public sealed class SdkClientTests
{
    [NodeTheory]
    [InlineData("2025-11-25")]
    public async Task All_that_a_server_has_comes_through_byte_for_byte(string revision)
    {
        using var policy = new PolicyFile("""{ "version": "1", "default": "allow" }""");
        using var recording = new Recording();
        string[] proxied = recording.Around(server => ProxyProcess.Before(server, policy.Path), ProxyProcess.Everything);

        JsonObject direct = await SdkWalk.OfEverythingAsync(Start(ProxyProcess.Everything), revision);
        JsonObject seen = await SdkWalk.OfEverythingAsync(Start(proxied), revision);

        SdkWalk.RequireSame(direct, seen);
        recording.RequireSame();
    }

    [NodeTheory]
    [InlineData("2026-07-28")]
    [InlineData("2025-11-25")]
    [InlineData("2025-06-18")]
    public async Task A_server_of_the_same_makers_comes_through_in_each_revision(string revision)
    {
        using var policy = new PolicyFile("""{ "version": "1", "default": "allow" }""");
        using var recording = new Recording();
        string[] proxied = recording.Around(server => ProxyProcess.Before(server, policy.Path), ProxyProcess.Sample);

        JsonObject direct = await SdkWalk.OfSampleAsync(Start(ProxyProcess.Sample), revision);
        JsonObject seen = await SdkWalk.OfSampleAsync(Start(proxied), revision);

        SdkWalk.RequireSame(direct, seen);
        recording.RequireSame(SampleServer.Forgive);
    }

    private static StdioClientTransport Start(string[] command) => new(new StdioClientTransportOptions
    {
        Command = command[0],
        Arguments = command[1..],
        Name = "test",
    });
}
