using System.IO.Pipelines;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace PolicyLayer.Benchmarks;

/// <summary>A call of an MCP server from its client and back, over pipes in memory, against the same server without a guard.</summary>
[MemoryDiagnoser]
[MedianColumn]
public class McpCallBenchmarks
{
    private static readonly Dictionary<string, object?> Arguments = new() { ["path"] = "/srv/data/report.txt", ["lines"] = 100 };

    private readonly Connection _unguarded = Connection.Open(isGuarded: false);
    private readonly Connection _guarded = Connection.Open(isGuarded: true);

    [GlobalCleanup]
    public void Close()
    {
        _unguarded.Dispose();
        _guarded.Dispose();
    }

    [Benchmark(Baseline = true)]
    public ValueTask<CallToolResult> Unguarded() => _unguarded.CallAsync();

    [Benchmark]
    public ValueTask<CallToolResult> Guarded() => _guarded.CallAsync();

    /// <summary>A server and its one client.</summary>
    private sealed class Connection : IDisposable
    {
        private readonly ServiceProvider _provider;
        private readonly McpClient _client;

        private Connection(ServiceProvider provider, McpClient client) => (_provider, _client) = (provider, client);

        public static Connection Open(bool isGuarded)
        {
            Pipe toServer = new();
            Pipe toClient = new();
            var services = new ServiceCollection();
            IMcpServerBuilder builder = services.AddMcpServer()
                .WithStreamServerTransport(toServer.Reader.AsStream(), toClient.Writer.AsStream())
                .WithTools([McpServerTool.Create((string path, int lines) => path, new() { Name = BenchmarkPolicies.ToolName(0) })]);
            if (isGuarded)
            {
                services.AddSingleton<IToolCallAuthorizer>(BenchmarkPolicies.Authorizer(
                    """{ "require": [{ "conditions": [{ "path": "args.lines", "op": "lte", "value": 1000 }] }] }"""));
                builder.WithPolicyLayer(options => options.Grant = _ => "ci");
            }

            ServiceProvider provider = services.BuildServiceProvider();
            _ = provider.GetRequiredService<McpServer>().RunAsync();
            var transport = new StreamClientTransport(toServer.Writer.AsStream(), toClient.Reader.AsStream());
            return new Connection(provider, McpClient.CreateAsync(transport).GetAwaiter().GetResult());
        }

        public ValueTask<CallToolResult> CallAsync() => _client.CallToolAsync(BenchmarkPolicies.ToolName(0), Arguments);

        public void Dispose()
        {
            _client.DisposeAsync().AsTask().GetAwaiter().GetResult();
            _provider.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }
}
