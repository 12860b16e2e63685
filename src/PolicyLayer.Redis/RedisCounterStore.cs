using System.Globalization;
using PolicyLayer.Counters;
using StackExchange.Redis;

namespace PolicyLayer.Redis;

/// <summary>
/// Keeps counters in Redis 7 or later: any number of machines share them. Safe for any number of threads. It lives by the server's clock;
/// the requests' times don't matter.
/// </summary>
/// <remarks>
/// <para>A decision is one script call, however many limits it has. A counter has at most 62 fields, and every key expires by itself a
/// minute after its last charge stops counting, the clock's after two months.</para>
/// <para>All keys of one policy share a cluster slot, because a call may count for its grant and for the whole policy at once, and a script
/// reaches one slot only. What it costs: the counters of one policy don't spread over a cluster. Several policies do; a policy that is too
/// much for one node can be loaded under several names, each with its own counters.</para>
/// <para>The policy's counters share the latest time that the server has told, so that a server whose clock steps back, or a replica that
/// is behind, admits nothing more.</para>
/// <para>What is lost with the server's data is admitted again: only <c>appendonly yes</c> with <c>appendfsync always</c> keeps every
/// charge over a crash. <c>everysec</c> may lose a second or two, and a failover to a replica, which Redis copies to asynchronously, what
/// hadn't arrived. Set <c>maxmemory-policy noeviction</c>: evicting keys forgets charges. A server's clock that runs ahead expires keys,
/// and setting it back doesn't bring them back: let it be slewed, not stepped.</para>
/// <para>The store doesn't dispose the multiplexer, and leaves reconnecting to it. Connect with <c>abortConnect=false</c> to start while
/// the server is away. Bounds on the number of counters are the server's: when its memory is full, it refuses the script and the call is
/// denied.</para>
/// </remarks>
public sealed class RedisCounterStore : ICounterStore
{
    // As in CounterWindow: a charge counts in its own bucket and in the sixty after it.
    private const int SlidingSpan = 61;

    private readonly RedisScript _reserve;
    private readonly IDatabase _database;
    private readonly string _prefix;
    private readonly TimeSpan _deadline;
    private readonly TimeProvider _time;

    /// <summary>Makes a store on the host's connection.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="options">What else it works with; null for the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public RedisCounterStore(IConnectionMultiplexer connection, RedisCounterStoreOptions? options = null)
        : this(connection, options, RedisScripts.Reserve)
    {
    }

    /// <summary>For tests, on a clock that they move.</summary>
    internal RedisCounterStore(IConnectionMultiplexer connection, RedisCounterStoreOptions? options, RedisScript reserve)
    {
        ArgumentNullException.ThrowIfNull(connection);
        options ??= new RedisCounterStoreOptions();
        options.Validate();
        _reserve = reserve;
        _database = connection.GetDatabase(options.Database);
        _prefix = options.KeyPrefix;
        _deadline = options.Deadline;
        _time = options.TimeProvider;
    }

    /// <inheritdoc/>
    /// <exception cref="RedisCounterStoreException">The server gave no answer, or a wrong one.</exception>
    /// <remarks>The token counts until the script is sent: after that the answer is awaited, so that a charge can be given back.</remarks>
    public async ValueTask<CounterReservation> ReserveAsync(CounterRequest request, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (request.Count == 0)
        {
            return CounterReservation.Admitted();
        }

        string policy = request[0].Key.Definition.PolicyName;
        var keys = new RedisKey[request.Count + 1];
        var values = new RedisValue[(request.Count * 5) + 1];
        keys[0] = ClockKey(policy);
        for (int i = 0; i < request.Count; i++)
        {
            CounterDemand demand = request[i];
            CounterDefinition definition = demand.Key.Definition;
            if (!string.Equals(definition.PolicyName, policy, StringComparison.Ordinal))
            {
                throw new ArgumentException("The demands of a request are of one policy.", nameof(request));
            }

            (long multiplier, long divisor) = Buckets(definition);
            keys[i + 1] = KeyOf(demand.Key);
            values[i * 5] = demand.AmountMillionths;
            values[(i * 5) + 1] = demand.MaxMillionths;
            values[(i * 5) + 2] = multiplier;
            values[(i * 5) + 3] = divisor;
            values[(i * 5) + 4] = definition.Algorithm == CounterAlgorithm.Sliding ? SlidingSpan : 1;
        }

        values[^1] = request.Mode == CounterRequestMode.Look ? 1 : 0;
        RedisResult result = await EvaluateAsync(_reserve, keys, values).ConfigureAwait(false);
        return Read(result, request);
    }

    /// <inheritdoc/>
    /// <exception cref="RedisCounterStoreException">The server gave no answer, or a wrong one.</exception>
    public async ValueTask ReleaseAsync(CounterRelease release, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        CounterRequest request = release.Request;
        if (request.Count == 0 || request.Mode == CounterRequestMode.Look)
        {
            return;
        }

        var keys = new RedisKey[request.Count];
        var values = new RedisValue[request.Count * 2];
        for (int i = 0; i < keys.Length; i++)
        {
            CounterDemand demand = request[i];
            (long multiplier, long divisor) = Buckets(demand.Key.Definition);
            keys[i] = KeyOf(demand.Key);
            values[i * 2] = demand.AmountMillionths;
            values[(i * 2) + 1] = release.Reservation.Stamp * multiplier / divisor;
        }

        await EvaluateAsync(RedisScripts.Release, keys, values).ConfigureAwait(false);
    }

    /// <summary>The key of a policy's clock.</summary>
    internal string ClockKey(string policyName) => Slot(policyName) + "clock";

    /// <summary>What the clock's key holds.</summary>
    internal static string ClockValue(long unixMilliseconds) =>
        string.Create(CultureInfo.InvariantCulture, $"{RedisScripts.Version}:{unixMilliseconds}");

    /// <summary>A counter's key.</summary>
    internal string KeyOf(CounterKey key) => string.Create(
        CultureInfo.InvariantCulture, $"{Slot(key.Definition.PolicyName)}v{RedisScripts.Version}|{key}");

    // A sixtieth of a window is window * 50 / 3 milliseconds: whole numbers only when multiplied by 3.
    private static (long Multiplier, long Divisor) Buckets(CounterDefinition definition)
    {
        TimeSpan length = definition.Window.Duration ?? throw new NotSupportedException("This package counts windows of a fixed length.");
        long milliseconds = length.Ticks / TimeSpan.TicksPerMillisecond;
        return definition.Algorithm == CounterAlgorithm.Sliding ? (3, milliseconds / 20) : (1, milliseconds);
    }

    private static CounterReservation Read(RedisResult result, in CounterRequest request)
    {
        try
        {
            var answer = (long[])result!;
            if (answer is [1, var time])
            {
                return CounterReservation.Admitted(time);
            }

            if (answer.Length == (request.Count * 2) + 1 && answer[0] == 0)
            {
                return ReadRefusal(answer, request);
            }
        }
        catch (Exception e) when (e is InvalidCastException or FormatException or OverflowException)
        {
            throw new RedisCounterStoreException(RedisCounterStoreFailure.Damaged, "Redis gave an answer that isn't one.", e);
        }

        throw new RedisCounterStoreException(RedisCounterStoreFailure.Damaged, "Redis gave an answer that isn't one.");
    }

    private static CounterReservation ReadRefusal(long[] answer, in CounterRequest request)
    {
        var used = new long[request.Count];
        var waits = new TimeSpan[request.Count];
        for (int i = 0; i < used.Length; i++)
        {
            used[i] = answer[(i * 2) + 1];
            waits[i] = TimeSpan.FromMilliseconds(answer[(i * 2) + 2]);
        }

        return CounterArithmetic.Refuse(request, used, waits);
    }

    private string Slot(string policyName) => _prefix.Contains('{', StringComparison.Ordinal) ? _prefix : $"{{{_prefix}{policyName}}}:";

    private async Task<RedisResult> EvaluateAsync(RedisScript script, RedisKey[] keys, RedisValue[] values)
    {
        Task<RedisResult> answer = script.EvaluateAsync(_database, keys, values);
        try
        {
            return await answer.WaitAsync(_deadline, _time).ConfigureAwait(false);
        }
        catch (Exception e) when (RedisFailures.TryFrom(e) is { } failure)
        {
            Forget(answer);
            throw failure;
        }
    }

    /// <summary>Nobody waits for the answer any more: what it fails with is no unobserved exception.</summary>
    private static void Forget(Task answer) => _ = answer.ContinueWith(
        static late => late.Exception,
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);
}
