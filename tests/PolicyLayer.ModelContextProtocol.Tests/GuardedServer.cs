using System.Diagnostics;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using PolicyLayer.Auditing;
using PolicyLayer.ModelContextProtocol;

namespace PolicyLayer.Tests.Mcp;

/// <summary>A server in this process, guarded by a policy, with one caller at the other end of two pipes.</summary>
internal sealed class GuardedServer : IAsyncDisposable
{
    public const string July2026 = "2026-07-28";
    public const string November2025 = "2025-11-25";
    public const string June2025 = "2025-06-18";

    private readonly Pipe _toServer = new();
    private readonly Pipe _toClient = new();
    private readonly CancellationTokenSource _end = new();
    private readonly ServiceProvider _provider;
    private readonly Task _run;
    private McpClient? _client;

    private GuardedServer(string? policy, Action<IMcpServerBuilder> configure, Action<PolicyLayerMcpOptions>? options)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(Log));
        IMcpServerBuilder builder = services.AddMcpServer()
            .WithStreamServerTransport(_toServer.Reader.AsStream(), _toClient.Writer.AsStream());
        if (policy is not null)
        {
            services.AddPolicyLayer(each =>
            {
                each.UsePolicyJson(policy);
                each.DefaultGrantId = "default";
            }).AddAuditSink(Audit);
            builder.WithPolicyLayer(options);
        }

        configure(builder);
        _provider = services.BuildServiceProvider();
        Server = _provider.GetRequiredService<McpServer>();
        _run = Server.RunAsync(_end.Token);
    }

    public static TheoryData<string> Revisions => [July2026, November2025, June2025];

    public InMemoryAuditSink Audit { get; } = new();

    public LogList Log { get; } = new();

    public McpServer Server { get; }

    public IServiceProvider Services => _provider;

    /// <summary>What became of the calls that were reported, in order.</summary>
    public IEnumerable<ToolCallOutcome?> Outcomes =>
        Audit.Records.Where(record => record.Kind == AuditRecordKind.Completion).Select(record => record.CallOutcome);

    public static GuardedServer Start(
        string? policy, Action<IMcpServerBuilder> configure, Action<PolicyLayerMcpOptions>? options = null) =>
        new(policy, configure, options);

    /// <summary>A server with tools; see <see cref="TestTools"/>.</summary>
    public static GuardedServer Start(string? policy, TestTools tools, Action<PolicyLayerMcpOptions>? options = null) =>
        new(policy, builder => builder.WithTools(tools.All), options);

    public async Task<McpClient> ConnectAsync(string revision, Action<McpClientOptions>? configure = null)
    {
        var options = new McpClientOptions { ProtocolVersion = revision };
        configure?.Invoke(options);
        _client = await McpClient.CreateAsync(
            new StreamClientTransport(_toServer.Writer.AsStream(), _toClient.Reader.AsStream()), options);
        Assert.Equal(revision, _client.NegotiatedProtocolVersion);
        return _client;
    }

    /// <summary>A client that sends what no client would.</summary>
    public RawClient OpenRaw(string revision) => new(_toServer.Writer.AsStream(), _toClient.Reader.AsStream(), revision);

    /// <summary>Has a client of <c>tests/node/pipe-client.mjs</c> at the other end until it ends, and returns what it saw.</summary>
    public async Task<JsonNode> ServeNodeAsync(string what)
    {
        using Process client = Process.Start(
            new ProcessStartInfo("node", [Path.Combine(NodeTheoryAttribute.Folder, "pipe-client.mjs"), what])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                StandardErrorEncoding = new UTF8Encoding(false),
            })!;
        Task requests = client.StandardOutput.BaseStream.CopyToAsync(_toServer.Writer.AsStream());
        Task answers = _toClient.Reader.AsStream().CopyToAsync(client.StandardInput.BaseStream, _end.Token);
        string seen = await client.StandardError.ReadToEndAsync();
        await client.WaitForExitAsync();
        await Task.WhenAll(requests, _end.CancelAsync());
        await answers.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Assert.True(client.ExitCode == 0, seen);
        return JsonNode.Parse(seen)!;
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await _client.DisposeAsync();
        }

        await _toServer.Writer.CompleteAsync();
        await _end.CancelAsync();
        try
        {
            await _run;
        }
        catch (OperationCanceledException)
        {
            // That is how it ends.
        }

        await _provider.DisposeAsync();
        _end.Dispose();
    }
}
