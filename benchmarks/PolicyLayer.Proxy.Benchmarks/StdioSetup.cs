using System.Diagnostics;
using System.IO.Pipes;
using PolicyLayer.Proxy;

namespace PolicyLayer.Benchmarks.Proxy;

/// <summary>The server of <see cref="StdioUpstream"/>, twice: with pipes to this process, and with the proxy in between.</summary>
internal sealed class StdioSetup : ISetup, IAsyncDisposable
{
    private readonly Process _server;
    private readonly LineClient _direct;
    private readonly LineClient _proxied;
    private readonly Task _proxy;

    private StdioSetup(Process server, LineClient proxied, Task proxy)
    {
        _server = server;
        _direct = new LineClient(server.StandardInput.BaseStream, server.StandardOutput.BaseStream);
        (_proxied, _proxy) = (proxied, proxy);
    }

    public static Task<StdioSetup> StartAsync()
    {
        string self = Environment.ProcessPath!;
        var start = new ProcessStartInfo(self, "upstream") { RedirectStandardInput = true, RedirectStandardOutput = true };
        Process server = Process.Start(start)!;
        var toProxy = new AnonymousPipeServerStream(PipeDirection.Out);
        var fromProxy = new AnonymousPipeServerStream(PipeDirection.In);
        var input = new AnonymousPipeClientStream(PipeDirection.In, toProxy.ClientSafePipeHandle);
        var output = new AnonymousPipeClientStream(PipeDirection.Out, fromProxy.ClientSafePipeHandle);
        var options = new McpProxyOptions { GrantId = "benchmark" };
        var authorizer = new ToolCallAuthorizer(Policy.Parse(Messages.Document));
        var proxy = new StdioProxy(authorizer, new UpstreamCommand(self, ["upstream"]), options);
        Task run = Task.Run(() => proxy.RunAsync(input, output));
        return Task.FromResult(new StdioSetup(server, new LineClient(toProxy, fromProxy), run));
    }

    public Task CallAsync(bool throughProxy) => (throughProxy ? _proxied : _direct).CallAsync();

    public async ValueTask DisposeAsync()
    {
        _proxied.Dispose();
        await _proxy;
        _direct.Dispose();
        await _server.WaitForExitAsync();
        _server.Dispose();
    }
}
