using System.Runtime.InteropServices;
using PolicyLayer.Approvals;
using PolicyLayer.Cli.Output;
using PolicyLayer.Counters;
using PolicyLayer.Redis;
using PolicyLayer.Sqlite;
using StackExchange.Redis;

namespace PolicyLayer.Cli.Stores;

/// <summary>The stores of one run, disposed with their connections: a server that keeps several is connected to once.</summary>
internal sealed class ToolStores(CommandEnvironment environment) : IAsyncDisposable
{
    /// <summary>How long an answer may take: longer than in a host, as nobody's call waits here.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private readonly Dictionary<RedisAddress, ConnectionMultiplexer> _connections = [];
    private readonly List<IDisposable> _files = [];

    /// <exception cref="CommandException">The store can't be reached.</exception>
    public async Task<ICounterStore> OpenCountersAsync(StoreLocation location)
    {
        switch (location)
        {
            case StoreLocation.SqliteFile { Path: var path }:
                var store = new SqliteCounterStore(new SqliteCounterStoreOptions { Path = path, TimeProvider = environment.Time });
                _files.Add(store);

                // The store opens its file at the first request; one that demands nothing shows now whether it can.
                var nothing = new CounterRequest(DateTimeOffset.UnixEpoch, grantId: "", sessionId: null, demands: []);
                await OpenFileAsync(path, async () => await store.ReserveAsync(nothing).ConfigureAwait(false)).ConfigureAwait(false);
                return store;
            case StoreLocation.RedisServer { Address: var address }:
                return new RedisCounterStore(
                    await ConnectAsync(address).ConfigureAwait(false), new RedisCounterStoreOptions { Deadline = Deadline });
            default:
                return new InMemoryCounterStore();
        }
    }

    /// <param name="location">Where.</param>
    /// <param name="protector">What keeps contents from whoever reads a lasting store; null where nothing was said of that.</param>
    /// <exception cref="CommandException">The store can't be reached, or is a lasting one and has no protector.</exception>
    public async Task<IApprovalStore> OpenApprovalsAsync(StoreLocation location, IApprovalProtector? protector)
    {
        if (location is StoreLocation.InMemory)
        {
            return new InMemoryApprovalStore();
        }

        if (protector is null)
        {
            throw new CommandException(
                "A store that lasts keeps what people approve: argument values. Help: give keys to encrypt them with, by `--keys FILE` or "
                + $"the variable {HostKeys.Variable}; or say `--plain-approvals`, and they stand there in clear.");
        }

        switch (location)
        {
            case StoreLocation.SqliteFile { Path: var path }:
                // Its clock paces the waits for other writers alone, which are real whatever the run's clock is.
                var store = new SqliteApprovalStore(new SqliteApprovalStoreOptions { Path = path, Protector = protector });
                _files.Add(store);
                var nothing = new ApprovalQuery(environment.Time.GetUtcNow(), id: "");
                await OpenFileAsync(path, async () => await store.FindAsync(nothing).ConfigureAwait(false)).ConfigureAwait(false);
                return store;
            case StoreLocation.RedisServer { Address: var address }:
                return new RedisApprovalStore(
                    await ConnectAsync(address).ConfigureAwait(false),
                    new RedisApprovalStoreOptions { Protector = protector, Deadline = Deadline });
            default:
                throw new InvalidOperationException("A kind of store keeps no approvals.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _files.ForEach(file => file.Dispose());
        foreach (ConnectionMultiplexer connection in _connections.Values)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static async Task OpenFileAsync(string path, Func<Task> look)
    {
        try
        {
            await look().ConfigureAwait(false);
        }
        catch (SqliteStoreException e)
        {
            throw new CommandException($"`{PlainTable.OneLine(path)}`: {PlainTable.OneLine(e.Message)}");
        }
        catch (Exception e) when (e.GetBaseException() is DllNotFoundException)
        {
            throw new CommandException(
                $"`{PlainTable.OneLine(path)}`: the tool has no SQLite for {RuntimeInformation.RuntimeIdentifier}. "
                + "Help: it has one for Linux, macOS and Windows on x64 and arm64; `redis://HOST:PORT` works everywhere.");
        }
    }

    private async Task<ConnectionMultiplexer> ConnectAsync(RedisAddress address)
    {
        if (_connections.TryGetValue(address, out ConnectionMultiplexer? connection))
        {
            return connection;
        }

        var options = new ConfigurationOptions
        {
            EndPoints = { { address.Host.Trim('[', ']'), address.Port } },
            User = address.User,
            Password = environment.GetVariable(RedisAddress.PasswordVariable),
            Ssl = address.UsesTls,
            AsyncTimeout = (int)Deadline.TotalMilliseconds,
        };
        try
        {
            connection = await ConnectionMultiplexer.ConnectAsync(options).ConfigureAwait(false);
        }
        catch (Exception e) when (e is RedisException or ArgumentException)
        {
            throw new CommandException(
                $"The Redis server {QuotedText.Of(address.Server)} can't be reached, or refuses the user or the password of "
                + $"{RedisAddress.PasswordVariable}.");
        }

        _connections.Add(address, connection);
        return connection;
    }
}
