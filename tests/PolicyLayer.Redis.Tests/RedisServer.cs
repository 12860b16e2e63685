using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;

namespace PolicyLayer.Tests.Redis;

/// <summary>A redis-server of our own on a free port, that keeps every write over a crash.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("policylayer-redis-").FullName;
    private readonly int _port = FreePort();
    private Process? _process;

    public static bool IsInstalled { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Any(folder => File.Exists(Path.Combine(folder, "redis-server")));

    public string Configuration => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_port},abortConnect=false");

    public async Task StartAsync(string appendFsync = "always")
    {
        _process = Process.Start(new ProcessStartInfo(
            "redis-server",
            ["--port", _port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", _folder, "--save", "",
             "--appendonly", "yes", "--appendfsync", appendFsync, "--maxmemory-policy", "noeviction"])
        {
            RedirectStandardOutput = true,
        })!;
        _process.BeginOutputReadLine();
        using ConnectionMultiplexer connection = await ConnectAsync();
        for (int i = 0; ; i++)
        {
            try
            {
                await connection.GetDatabase().PingAsync();
                return;
            }
            catch (RedisException) when (i < 200)
            {
                await Task.Delay(50);
            }
        }
    }

    public async Task<ConnectionMultiplexer> ConnectAsync(bool allowAdmin = false) =>
        await ConnectionMultiplexer.ConnectAsync(Configuration + (allowAdmin ? ",allowAdmin=true" : ""));

    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await KillAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
