using PolicyLayer.Counters;
using StackExchange.Redis;

namespace PolicyLayer.Redis;

/// <summary>
/// Keeps counters in Redis 7 or later: any number of machines share them. Safe for any number of threads. It lives by the server's clock;
/// the requests' times don't matter.
/// </summary>
/// <remarks>
/// <para>A decision is one script call, however many limits it has. A counter has at most 62 fields, one more for some that were reset or
/// that are of values, and every key expires by itself a minute after its last charge stops counting, the clock's after two months.</para>
/// <para>All keys of one policy share a cluster slot, because a call may count for its grant and for the whole policy at once, and a script
/// reaches one slot only. What it costs: the counters of one policy don't spread over a cluster. Several policies do; a policy that is too
/// much for one node can be loaded under several names, each with its own counters.</para>
/// <para>The policy's counters share the latest time that the server has told, so that a server whose clock steps back, or a replica that
/// is behind, admits nothing more. Counters of the recent kind go by the server's clock of now.</para>
/// <para>What is lost with the server's data is admitted again: only <c>appendonly yes</c> with <c>appendfsync always</c> keeps every
/// charge over a crash. <c>everysec</c> may lose a second or two, and a failover to a replica, which Redis copies to asynchronously, what
/// hadn't arrived. Set <c>maxmemory-policy noeviction</c>: evicting keys forgets charges. A server's clock that runs ahead expires keys,
/// and setting it back doesn't bring them back: let it be slewed, not stepped.</para>
/// <para>The store doesn't dispose the multiplexer, and leaves reconnecting to it. Connect with <c>abortConnect=false</c> to start while
/// the server is away. Bounds on the number of counters are the server's: when its memory is full, it refuses the script and the call is
/// denied. Those for values are bounded for each grant, too: it has a sorted set of them, which other calls never touch.</para>
/// <para>A week or month of the calendar is the one that the server's clock is in. A server that is neither in that of the request's time
/// nor in the next denies: let both clocks be right to the second.</para>
/// <para>Listing counters walks over all keys of every primary, some at a time.</para>
/// </remarks>
public sealed class RedisCounterStore : ICounterStore, ICounterInventory
{
    private readonly RedisConnection _connection;
    private readonly RedisScripts _scripts;
    private readonly RedisInventory _inventory;
    private readonly int _maxCountersPerGrant;

    /// <summary>Makes a store on the host's connection.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="options">What else it works with; null for the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public RedisCounterStore(IConnectionMultiplexer connection, RedisCounterStoreOptions? options = null)
        : this(connection, options, RedisScripts.OnServer)
    {
    }

    /// <summary>For tests, on a clock that they move.</summary>
    internal RedisCounterStore(IConnectionMultiplexer connection, RedisCounterStoreOptions? options, RedisScripts scripts)
    {
        ArgumentNullException.ThrowIfNull(connection);
        options ??= new RedisCounterStoreOptions();
        options.Validate();
        Keys = new RedisKeys(options.KeyPrefix);
        _connection = new RedisConnection(
            connection, options.Database, options.Deadline, options.TimeProvider, RedisFailures.OfCounters);
        _scripts = scripts;
        _inventory = new RedisInventory(_connection, Keys, scripts);
        _maxCountersPerGrant = options.MaxCountersPerGrant;
    }

    internal RedisKeys Keys { get; }

    /// <inheritdoc/>
    /// <exception cref="RedisStoreException">The server gave no answer, or a wrong one.</exception>
    /// <remarks>The token counts until the script is sent: after that the answer is awaited, so that a charge can be given back.</remarks>
    public async ValueTask<CounterReservation> ReserveAsync(CounterRequest request, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (request.Count == 0)
        {
            return CounterReservation.Admitted();
        }

        var reservation = new RedisReservation(Keys, request, _maxCountersPerGrant);
        (RedisKey[] keys, RedisValue[] values) = reservation.ToReserve();
        return reservation.Read(await _connection.EvaluateAsync(_scripts.Reserve, keys, values).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    /// <exception cref="RedisStoreException">The server gave no answer, or a wrong one.</exception>
    public async ValueTask ReleaseAsync(CounterRelease release, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        CounterRequest request = release.Request;
        if (request.Count == 0 || request.Mode == CounterRequestMode.Look)
        {
            return;
        }

        var reservation = new RedisReservation(Keys, request, _maxCountersPerGrant);
        (RedisKey[] keys, RedisValue[] values) = reservation.ToRelease(release.Reservation);
        await _connection.EvaluateAsync(RedisScripts.Release, keys, values).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <exception cref="RedisStoreException">The server gave no answer, or a wrong one.</exception>
    public IAsyncEnumerable<CounterStatus> ListAsync(CancellationToken cancellationToken = default) =>
        _inventory.ListAsync(cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="RedisStoreException">The server gave no answer, or a wrong one.</exception>
    public async ValueTask<bool> ResetAsync(CounterKey key, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return key.Definition is not null && await _inventory.ResetAsync(key).ConfigureAwait(false);
    }
}
