using BenchmarkDotNet.Attributes;
using Microsoft.Data.Sqlite;
using PolicyLayer.Sqlite;

namespace PolicyLayer.Benchmarks;

/// <summary>A decision on SQLite, beside a bare transaction of one update; by one caller and by sixty-four.</summary>
[MemoryDiagnoser]
public class SqliteCounterStoreBenchmarks
{
    private const int CallsEach = 8;
    private const int Calls = BenchmarkRequests.Callers * CallsEach;

    private readonly string _folder = Directory.CreateTempSubdirectory("policylayer-benchmark-").FullName;
    private SqliteCounterStore _store = null!;
    private SqliteConnection _bare = null!;
    private SqliteCommand[] _transaction = null!;

    [Params(SqliteSynchronous.Full, SqliteSynchronous.Normal)]
    public SqliteSynchronous Synchronous { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _store = new SqliteCounterStore(new SqliteCounterStoreOptions
        {
            Path = Path.Combine(_folder, $"counters-{Synchronous}.db"),
            Synchronous = Synchronous,
            Deadline = TimeSpan.FromMinutes(1),
        });
        _bare = new SqliteConnection($"Data Source={Path.Combine(_folder, $"bare-{Synchronous}.db")};Pooling=False");
        _bare.Open();
        foreach (string text in (string[])[
            "PRAGMA journal_mode = WAL",
            $"PRAGMA synchronous = {Synchronous}",
            "CREATE TABLE bare (id INTEGER PRIMARY KEY, used INTEGER)",
            "INSERT INTO bare VALUES (1, 0)"])
        {
            using SqliteCommand command = Command(text);
            command.ExecuteNonQuery();
        }

        _transaction = [Command("BEGIN IMMEDIATE"), Command("UPDATE bare SET used = used + 1 WHERE id = 1"), Command("COMMIT")];
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Calls)]
    public void BareTransactions()
    {
        for (int i = 0; i < Calls; i++)
        {
            foreach (SqliteCommand command in _transaction)
            {
                command.ExecuteNonQuery();
            }
        }
    }

    [Benchmark(OperationsPerInvoke = Calls)]
    public Task OneCaller() => BenchmarkRequests.CallAsync(1, Calls, async _ => await _store.ReserveAsync(BenchmarkRequests.One()));

    [Benchmark(OperationsPerInvoke = Calls)]
    public Task OneCallerThreeLimits() =>
        BenchmarkRequests.CallAsync(1, Calls, async _ => await _store.ReserveAsync(BenchmarkRequests.Three()));

    [Benchmark(OperationsPerInvoke = Calls)]
    public Task SixtyFourCallers() => BenchmarkRequests.CallAsync(
        BenchmarkRequests.Callers, CallsEach, async caller => await _store.ReserveAsync(BenchmarkRequests.One(caller)));

    [GlobalCleanup]
    public void CleanUp()
    {
        foreach (SqliteCommand command in _transaction)
        {
            command.Dispose();
        }

        _bare.Dispose();
        _store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private SqliteCommand Command(string text)
    {
#pragma warning disable CA2100 // The texts are the constants above.
        return new SqliteCommand(text, _bare);
#pragma warning restore CA2100
    }
}
