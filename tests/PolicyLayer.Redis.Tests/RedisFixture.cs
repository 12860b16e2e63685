using StackExchange.Redis;

namespace PolicyLayer.Tests.Redis;

/// <summary>One server and one connection for the tests that don't stop it.</summary>
public sealed class RedisFixture : IAsyncLifetime
{
    private readonly RedisServer _server = new();
    private ConnectionMultiplexer? _connection;

    public RedisServer Server => _server;

    public ConnectionMultiplexer Connection => _connection!;

    public async Task InitializeAsync()
    {
        if (RedisServer.IsInstalled)
        {
            await _server.StartAsync(appendFsync: "no");
            _connection = await _server.ConnectAsync();
        }
    }

    public async Task DisposeAsync()
    {
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }

        await _server.DisposeAsync();
    }
}
