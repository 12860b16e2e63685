using PolicyLayer.Cli.Output;
using PolicyLayer.Counters;
using PolicyLayer.Redis;
using PolicyLayer.Sqlite;
using StackExchange.Redis;

namespace PolicyLayer.Cli;

/// <summary>Where <c>--counters</c> says that counters are kept; disposed with its connection.</summary>
/// <remarks>No message quotes the option: what is no address of a store may still hold a password.</remarks>
internal sealed class CounterStores : IAsyncDisposable
{
    public const string Memory = "memory";

    /// <summary>What <c>--counters</c> takes.</summary>
    public const string Forms =
        $"`{Memory}`, {LastingForms}";

    /// <summary>Those whose counters outlive the process.</summary>
    public const string LastingForms =
        $"`sqlite:PATH`, `redis://[USER@]HOST:PORT` or `rediss://…` (the password comes from {RedisAddress.PasswordVariable})";

    private const string SqliteScheme = "sqlite:";

    private readonly ConnectionMultiplexer? _connection;

    private CounterStores(ICounterStore store, ConnectionMultiplexer? connection = null)
    {
        Store = store;
        _connection = connection;
    }

    public ICounterStore Store { get; }

    /// <summary>The same store, for people who look at what it holds: all of them can be looked at.</summary>
    public ICounterInventory Inventory => (ICounterInventory)Store;

    /// <exception cref="CommandException">The text names no store, or one that can't be reached.</exception>
    public static async Task<CounterStores> OpenAsync(string location, CommandEnvironment environment, string option = "--counters")
    {
        if (location == Memory)
        {
            return new CounterStores(new InMemoryCounterStore());
        }

        if (location.StartsWith(SqliteScheme, StringComparison.Ordinal) && location.Length > SqliteScheme.Length)
        {
            return await OpenFileAsync(location[SqliteScheme.Length..], environment.Time).ConfigureAwait(false);
        }

        if (RedisAddress.Parse(location) is { } address)
        {
            return await ConnectAsync(address, environment.GetVariable(RedisAddress.PasswordVariable)).ConfigureAwait(false);
        }

        throw new CommandException(
            $"`{option}` names no place for counters. Help: use {Forms}.");
    }

    /// <summary>Opens a store that others have filled.</summary>
    /// <exception cref="CommandException">The text names no such store, or one that can't be reached.</exception>
    public static async Task<CounterStores> OpenExistingAsync(string location, CommandEnvironment environment)
    {
        if (location == Memory)
        {
            throw new CommandException($"The counters of `{Memory}` end with the process that has them. Help: use {LastingForms}.");
        }

        // Opening a file makes it: a name that was mistyped would hold nothing, and look as if all were well.
        if (location.StartsWith(SqliteScheme, StringComparison.Ordinal) && !File.Exists(location[SqliteScheme.Length..]))
        {
            throw new CommandException($"`{PlainTable.OneLine(location[SqliteScheme.Length..])}` doesn't exist.");
        }

        return await OpenAsync(location, environment, "--store").ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        (Store as IDisposable)?.Dispose();
        if (_connection is not null)
        {
            await _connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static async Task<CounterStores> OpenFileAsync(string path, TimeProvider time)
    {
        var store = new SqliteCounterStore(new SqliteCounterStoreOptions { Path = path, TimeProvider = time });
        try
        {
            // The store opens its file at the first request; one that demands nothing shows now whether it can.
            var nothing = new CounterRequest(DateTimeOffset.UnixEpoch, grantId: "", sessionId: null, demands: []);
            await store.ReserveAsync(nothing).ConfigureAwait(false);
            return new CounterStores(store);
        }
        catch (SqliteStoreException e)
        {
            store.Dispose();
            throw new CommandException($"`{PlainTable.OneLine(path)}`: {e.Message}");
        }
    }

    private static async Task<CounterStores> ConnectAsync(RedisAddress address, string? password)
    {
        var options = new ConfigurationOptions
        {
            EndPoints = { { address.Host.Trim('[', ']'), address.Port } },
            User = address.User,
            Password = password,
            Ssl = address.UsesTls,
        };
        try
        {
            ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(options).ConfigureAwait(false);
            return new CounterStores(new RedisCounterStore(connection), connection);
        }
        catch (Exception e) when (e is RedisException or ArgumentException)
        {
            throw new CommandException(
                $"The Redis server {QuotedText.Of(address.Server)} can't be reached, or refuses the user or the password of "
                + $"{RedisAddress.PasswordVariable}.");
        }
    }
}
