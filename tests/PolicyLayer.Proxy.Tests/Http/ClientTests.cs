// Clients of earlier revisions are served: what 2026-07-28 deprecates is still theirs.
#pragma warning disable MCP9005

using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using PolicyLayer.Grants;
using PolicyLayer.Proxy;

namespace PolicyLayer.Tests.Proxy.Http;

/// <summary>The official C# client and server, with the proxy between them.</summary>
public sealed class ClientTests
{
    private const string Wide = """
        { "version": "1", "name": "wide", "default": "deny", "hide": ["secret"],
          "tools": { "echo": {}, "ask": {}, "sample": {}, "steps": {},
                     "once": { "limits": [{ "counter": "c", "max": 1, "window": "hour", "scope": "session" }] } } }
        """;

    private const string Narrow = """{ "version": "1", "name": "narrow", "default": "deny", "tools": { "echo": {} } }""";

    public static TheoryData<bool, string> Kinds => new()
    {
        { false, "2025-11-25" }, { false, "2025-06-18" }, { true, "2025-11-25" }, { true, "2026-07-28" },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Tools_are_listed_and_called_as_without_a_proxy(bool isStateless, string revision)
    {
        await using Setup setup = await Setup.StartAsync(isStateless);
        await using McpClient direct = await ConnectAsync(setup.Direct, "wide", revision);
        await using McpClient proxied = await ConnectAsync(setup.Proxy.Address, "wide", revision);

        IList<McpClientTool> all = await direct.ListToolsAsync();
        IList<McpClientTool> shown = await proxied.ListToolsAsync();
        CallToolResult expected = await direct.CallToolAsync("echo", Text("é"));
        CallToolResult actual = await proxied.CallToolAsync("echo", Text("é"));
        CallToolResult denied = await proxied.CallToolAsync("secret", Text("x"));

        Assert.Equal(
            all.Where(tool => tool.Name != "secret").Select(tool => JsonSerializer.Serialize(tool.ProtocolTool)),
            shown.Select(tool => JsonSerializer.Serialize(tool.ProtocolTool)));
        Assert.Contains(all, tool => tool.Name == "secret");
        Assert.Equal(JsonSerializer.Serialize(expected.Content), JsonSerializer.Serialize(actual.Content));
        Assert.True(denied.IsError);
        Assert.StartsWith("[POLICY DENIED]", ((TextContentBlock)denied.Content[0]).Text);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Progress_comes_while_a_tool_runs(bool isStateless, string revision)
    {
        await using Setup setup = await Setup.StartAsync(isStateless);
        await using McpClient client = await ConnectAsync(setup.Proxy.Address, "wide", revision);

        // The tool goes on once its progress was heard.
        CallToolResult result = await client.CallToolAsync("steps", Text("x"), new Reporter(setup.Heard));

        Assert.Equal(1, await setup.Heard.Task);
        Assert.Equal("steps", ((TextContentBlock)result.Content[0]).Text);
    }

    [Fact]
    public async Task A_server_asks_back_in_a_session()
    {
        await using Setup setup = await Setup.StartAsync(isStateless: false);
        await using McpClient client = await ConnectAsync(setup.Proxy.Address, "wide", "2025-11-25");

        CallToolResult asked = await client.CallToolAsync("ask", Text("x"));
        CallToolResult sampled = await client.CallToolAsync("sample", Text("x"));

        Assert.Equal("accept", ((TextContentBlock)asked.Content[0]).Text);
        Assert.Equal("sampled", ((TextContentBlock)sampled.Content[0]).Text);
    }

    [Fact]
    public async Task Grants_have_their_own_policies_and_sessions_their_own_counters()
    {
        await using Setup setup = await Setup.StartAsync(isStateless: false);
        await using McpClient narrow = await ConnectAsync(setup.Proxy.Address, "narrow", "2025-11-25");
        await using McpClient first = await ConnectAsync(setup.Proxy.Address, "wide", "2025-11-25");
        await using McpClient second = await ConnectAsync(setup.Proxy.Address, "wide", "2025-11-25");

        Assert.True((await narrow.CallToolAsync("once", Text("x"))).IsError);
        Assert.NotEqual(true, (await narrow.CallToolAsync("echo", Text("x"))).IsError);
        Assert.NotEqual(true, (await first.CallToolAsync("once", Text("x"))).IsError);
        Assert.True((await first.CallToolAsync("once", Text("x"))).IsError);
        Assert.NotEqual(true, (await second.CallToolAsync("once", Text("x"))).IsError);
    }

    private static Dictionary<string, object?> Text(string text) => new() { ["text"] = text };

    private static Task<McpClient> ConnectAsync(Uri address, string grant, string revision)
    {
        var transport = new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = address,
            TransportMode = HttpTransportMode.StreamableHttp,
            AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = $"Bearer {Guarded.TokenOf(grant)}" },
        });
        var options = new McpClientOptions { ProtocolVersion = revision };
        options.Handlers.ElicitationHandler = (_, _) => new(new ElicitResult { Action = "accept" });
        options.Handlers.SamplingHandler = (_, _, _) => new(new CreateMessageResult
        {
            Content = [new TextContentBlock { Text = "sampled" }],
            Model = "m",
            Role = Role.Assistant,
        });
        return McpClient.CreateAsync(transport, options);
    }

    private static async Task<string> AskAsync(McpServer server, CancellationToken cancellationToken) =>
        (await server.ElicitAsync(
            new ElicitRequestParams { Message = "?", RequestedSchema = new ElicitRequestParams.RequestSchema() },
            cancellationToken)).Action;

    private static async Task<string> SampleAsync(McpServer server, CancellationToken cancellationToken)
    {
        var ask = new CreateMessageRequestParams
        {
            MaxTokens = 1,
            Messages = [new SamplingMessage { Role = Role.User, Content = [new TextContentBlock { Text = "?" }] }],
        };
        return ((TextContentBlock)(await server.SampleAsync(ask, cancellationToken)).Content[0]).Text;
    }

    private sealed class Reporter(TaskCompletionSource<double> reported) : IProgress<ProgressNotificationValue>
    {
        public void Report(ProgressNotificationValue value) => reported.TrySetResult(value.Progress);
    }

    private sealed class Setup(WebApplication server, HttpProxy proxy) : IAsyncDisposable
    {
        public Uri Direct => new(server.Urls.First());

        public HttpProxy Proxy => proxy;

        public required TaskCompletionSource<double> Heard { get; init; }

        public static async Task<Setup> StartAsync(bool isStateless)
        {
            var heard = new TaskCompletionSource<double>(TaskCreationOptions.RunContinuationsAsynchronously);
            WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0));
            builder.Services.AddMcpServer().WithHttpTransport(options => options.Stateless = isStateless).WithTools(Tools(heard));
            WebApplication server = builder.Build();
            server.MapMcp();
            await server.StartAsync();
            var grants = new GrantDirectory(((string[])["wide", "narrow"]).Select(
                id => new Grant(id) { PolicyName = id, TokenSha256 = GrantToken.Hash(Guarded.TokenOf(id)) }));
            var authorizer = new ToolCallAuthorizer(
                [Policy.Parse(Wide), Policy.Parse(Narrow)], new ToolCallAuthorizerOptions { Grants = grants });
            HttpProxy proxy = await HttpProxy.StartAsync(
                authorizer, new Uri(server.Urls.First()), new HttpProxyOptions { Grants = grants });
            return new Setup(server, proxy) { Heard = heard };
        }

        public async ValueTask DisposeAsync()
        {
            await proxy.DisposeAsync();
            await server.DisposeAsync();
        }

        private static McpServerTool[] Tools(TaskCompletionSource<double> heard) =>
        [
            McpServerTool.Create((string text) => $"echo: {text}", new() { Name = "echo", Description = "Says it again." }),
            McpServerTool.Create((string text) => text, new() { Name = "secret" }),
            McpServerTool.Create((string text) => text, new() { Name = "once" }),
            McpServerTool.Create(
                (string text, McpServer server, CancellationToken token) => AskAsync(server, token), new() { Name = "ask" }),
            McpServerTool.Create(
                (string text, McpServer server, CancellationToken token) => SampleAsync(server, token), new() { Name = "sample" }),
            McpServerTool.Create(
                async (string text, IProgress<ProgressNotificationValue> progress) =>
                {
                    progress.Report(new ProgressNotificationValue { Progress = 1 });
                    await heard.Task.WaitAsync(TimeSpan.FromSeconds(30));
                    return "steps";
                },
                new() { Name = "steps" }),
        ];
    }
}
