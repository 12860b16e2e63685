using PolicyLayer.Counters;
using PolicyLayer.Sqlite;
using PolicyLayer.Testing;

namespace PolicyLayer.Tests.Sqlite;

/// <summary>SQLite files in a folder of their own, removed at the end. Nothing here needs to survive a power failure.</summary>
public sealed class SqliteHarness : CounterStoreHarness, IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("policylayer-").FullName;

    public override CounterStoreCapabilities Capabilities => CounterStoreCapabilities.RequestTime | CounterStoreCapabilities.Durable
        | CounterStoreCapabilities.Shared | CounterStoreCapabilities.Bounded | CounterStoreCapabilities.Inventory;

    public string PathOf(string storage) => Path.Combine(Folder, storage + ".db");

    public override ValueTask<ICounterStore> OpenAsync(CounterStoreOpening opening, CancellationToken cancellationToken)
    {
        var options = new SqliteCounterStoreOptions
        {
            Path = PathOf(opening.Storage),
            Synchronous = SqliteSynchronous.Off,
            Deadline = TimeSpan.FromMinutes(1),
        };
        options.MaxCounters = opening.MaxCounters ?? options.MaxCounters;
        options.MaxCountersPerGrant = opening.MaxCountersPerGrant ?? options.MaxCountersPerGrant;
        return new(new SqliteCounterStore(options));
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
