using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace PolicyLayer.Tests.Proxy.Clients;

/// <summary>A server over HTTP in a process of its own, which ends with this.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process, Uri address) => (_process, Address) = (process, address);

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Starts a server that prints its address once it listens.</summary>
    public static async Task<ServerProcess> StartAsync(params string[] command)
    {
        Process process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true })!;
        string? line = await process.StandardOutput.ReadLineAsync();
        return new ServerProcess(process, new Uri(line ?? throw new InvalidOperationException("The server went away.")));
    }

    /// <summary>
    /// Starts the server that has something of everything, which is told a port and says on its error output that it listens.
    /// </summary>
    public static async Task<ServerProcess> StartEverythingAsync()
    {
        int port = FreePort();
        var start = new ProcessStartInfo(ProxyProcess.Everything[0], [.. ProxyProcess.Everything[1..], "streamableHttp"])
        {
            Environment = { ["PORT"] = port.ToString(CultureInfo.InvariantCulture) },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process process = Process.Start(start)!;

        // Nobody reads what else it says, and a full pipe would stop it.
        _ = process.StandardOutput.ReadToEndAsync();
        string? line;
        do
        {
            line = await process.StandardError.ReadLineAsync() ?? throw new InvalidOperationException("The server went away.");
        }
        while (!line.Contains("listening", StringComparison.Ordinal));
        _ = process.StandardError.ReadToEndAsync();
        return new ServerProcess(process, new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/mcp")));
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
