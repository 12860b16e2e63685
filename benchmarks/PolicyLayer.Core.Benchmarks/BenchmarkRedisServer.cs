using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;

namespace PolicyLayer.Benchmarks;

/// <summary>A redis-server of our own on a free loopback port, without persistence, and a connection to it.</summary>
internal sealed class BenchmarkRedisServer : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("policylayer-benchmark-").FullName;
    private readonly Process _process;

    public BenchmarkRedisServer()
    {
        string port = FreePort().ToString(CultureInfo.InvariantCulture);
        _process = Process.Start(new ProcessStartInfo(
            "redis-server",
            ["--port", port, "--bind", "127.0.0.1", "--dir", _folder, "--save", "", "--appendonly", "no", "--loglevel", "warning"]))!;
        Connection = ConnectionMultiplexer.Connect($"127.0.0.1:{port},abortConnect=false,connectRetry=20,connectTimeout=1000");
        Database.Ping();
    }

    public ConnectionMultiplexer Connection { get; }

    public IDatabase Database => Connection.GetDatabase();

    public void Dispose()
    {
        Connection.Dispose();
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
