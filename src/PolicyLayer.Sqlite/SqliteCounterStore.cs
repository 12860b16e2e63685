using System.Runtime.CompilerServices;
using PolicyLayer.Counters;

namespace PolicyLayer.Sqlite;

/// <summary>
/// Keeps counters in a SQLite file: they survive a restart, and any number of processes of one machine share them. Safe for any number of
/// threads. It lives by the requests' times.
/// </summary>
/// <remarks>
/// A reservation is one transaction. Waiting for other writers is asynchronous and ends at the deadline; the transaction itself, SQLite's
/// write to the disk included, runs on the caller's thread. Callers of one process take turns on one connection. The file is opened by the
/// first request, and again after it couldn't be, so that a store can be made before its folder exists. Don't put the file on a network
/// drive: SQLite's locks don't work there; and don't move, replace or delete it while a process has it open: that process would go on
/// counting in the old one. A counter for each value counts for the grant that made it, whatever its scope. What the store holds is listed,
/// and set back, by the clock of its options.
/// </remarks>
public sealed class SqliteCounterStore : ICounterStore, ICounterInventory, IDisposable
{
    private readonly SqliteCounterStoreOptions _options;
    private readonly SqliteDatabase<SqliteCounterFile> _database;

    /// <summary>Makes a store. The file isn't opened yet.</summary>
    /// <param name="options">What it works with.</param>
    /// <exception cref="ArgumentException">An option is out of range, or no path is given.</exception>
    public SqliteCounterStore(SqliteCounterStoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = new SqliteCounterStoreOptions
        {
            Path = options.Path,
            Synchronous = options.Synchronous,
            Deadline = options.Deadline,
            MaxCounters = options.MaxCounters,
            MaxCountersPerGrant = options.MaxCountersPerGrant,
            TimeProvider = options.TimeProvider,
        };
        _database = new SqliteDatabase<SqliteCounterFile>(_options.File, connection => new SqliteCounterFile(connection));
    }

    /// <inheritdoc/>
    /// <exception cref="SqliteStoreException">The file can't be used.</exception>
    public ValueTask<CounterReservation> ReserveAsync(CounterRequest request, CancellationToken cancellationToken = default) =>
        _database.TransactAsync(
            file => new SqliteReservation(file, request, _options).Run(),
            commits: request.Mode == CounterRequestMode.Charge,
            cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="SqliteStoreException">The file can't be used.</exception>
    public async ValueTask ReleaseAsync(CounterRelease release, CancellationToken cancellationToken = default) =>
        await _database.TransactAsync(file => Release(file, release), commits: true, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    /// <exception cref="SqliteStoreException">The file can't be used.</exception>
    public async IAsyncEnumerable<CounterStatus> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        string after = "";
        while (true)
        {
            DateTimeOffset now = _options.TimeProvider.GetUtcNow();
            IReadOnlyList<(string Text, CounterKey Key, CounterWindow Window)> page =
                await _database.TransactAsync(file => file.List(after, now), commits: false, cancellationToken).ConfigureAwait(false);
            foreach ((string text, CounterKey key, CounterWindow window) in page)
            {
                after = text;
                MoveForward(window, now);
                if (window.UsedMillionths > 0)
                {
                    yield return new CounterStatus(key, window.UsedMillionths, window.Expires!.Value);
                }
            }

            if (page.Count < SqliteCounterFile.PageLength)
            {
                yield break;
            }
        }
    }

    /// <inheritdoc/>
    /// <exception cref="SqliteStoreException">The file can't be used.</exception>
    public async ValueTask<bool> ResetAsync(CounterKey key, CancellationToken cancellationToken = default)
    {
        DateTimeOffset now = _options.TimeProvider.GetUtcNow();
        return await _database.TransactAsync(file => Reset(file, key, now), commits: true, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Closes the file, after whoever has the turn.</summary>
    public void Dispose() => _database.Dispose();

    private static bool Release(SqliteCounterFile file, CounterRelease release)
    {
        for (int i = 0; i < release.Request.Count; i++)
        {
            CounterKey counter = release.Request[i].Key;
            string key = counter.ToString();
            if (file.Find(counter, key) is { } window)
            {
                CounterArithmetic.Release(release, i, window);
                file.Save(counter, key, window, SqliteCounterFile.HolderOf(counter, key, release.Request.GrantId));
            }
        }

        return true;
    }

    private static bool Reset(SqliteCounterFile file, CounterKey key, DateTimeOffset now)
    {
        string text = key.ToString();
        if (file.Find(key, text) is not { } window)
        {
            return false;
        }

        // Only asked, not moved: the counter lives by the requests' times.
        CounterWindow moved = file.Find(key, text)!;
        MoveForward(moved, now);
        window.Reset();
        file.Save(key, text, window, holder: null);
        return moved.UsedMillionths > 0;
    }

    private static void MoveForward(CounterWindow window, DateTimeOffset now) =>
        window.MoveTo(window.Latest > now ? window.Latest.Value : now);
}
