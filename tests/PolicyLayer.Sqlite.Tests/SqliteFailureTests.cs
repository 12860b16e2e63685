using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using PolicyLayer.Counters;
using PolicyLayer.Sqlite;
using PolicyLayer.Testing;

namespace PolicyLayer.Tests.Sqlite;

/// <summary>A file that can't be used gives a typed error, and the engine a denial.</summary>
public sealed class SqliteFailureTests : IDisposable
{
    private const string Policy =
        """{ "version": "1", "default": "deny", "tools": { "t": { "limits": [ { "counter": "c", "window": "minute", "max": 10 } ] } } }""";

    private readonly SqliteHarness _harness = new();

    private string Database => _harness.PathOf("failing");

    [Fact]
    public async Task A_locked_file_fails_at_the_deadline_and_works_again_afterwards()
    {
        var time = new FakeTimeProvider();
        using SqliteCounterStore store = Open(time);
        await store.ReserveAsync(Request());
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        Execute(connection, "BEGIN IMMEDIATE");
        Task<CounterReservation> waiting = store.ReserveAsync(Request()).AsTask();
        Task<CounterReservation> behind = store.ReserveAsync(Request()).AsTask();
        await PassTimeAsync(time, waiting, behind);
        await RequireFailureAsync(SqliteStoreFailure.Locked, () => waiting);
        await RequireFailureAsync(SqliteStoreFailure.Locked, () => behind);
        Execute(connection, "ROLLBACK");
        Task<CounterReservation> afterwards = store.ReserveAsync(Request()).AsTask();
        await PassTimeAsync(time, afterwards);
        Assert.Equal(CounterReservationStatus.Admitted, (await afterwards).Status);
        Assert.Equal(2 * CounterDemand.Unit, await new CaseStore(store, default).UsedAsync(Counter));
    }

    [Theory]
    [InlineData("this is not a database, though it is long enough to be looked at as one")]
    [InlineData("SQLite format 3\0 and then nothing that makes sense, for a hundred bytes and more. ..................................")]
    public async Task A_damaged_file_fails(string content)
    {
        await File.WriteAllTextAsync(Database, content);
        await RequireFailureAsync(SqliteStoreFailure.Damaged);
    }

    [Fact]
    public async Task A_damaged_row_fails()
    {
        using (SqliteCounterStore store = Open())
        {
            await store.ReserveAsync(Request());
        }

        Change("UPDATE counters SET state = x'00'");
        await RequireFailureAsync(SqliteStoreFailure.Damaged);
    }

    [Fact]
    public async Task A_newer_version_fails()
    {
        using (SqliteCounterStore store = Open())
        {
            await store.ReserveAsync(Request());
        }

        Change("PRAGMA user_version = 3");
        await RequireFailureAsync(SqliteStoreFailure.NewerSchema);
    }

    [Fact]
    public async Task A_database_of_something_else_fails_and_stays_as_it_is()
    {
        Change("CREATE TABLE notes (text TEXT)");
        await RequireFailureAsync(SqliteStoreFailure.ForeignSchema);
    }

    [Fact]
    public async Task A_database_of_something_else_with_the_same_version_fails()
    {
        Change("CREATE TABLE counters (name TEXT, value INTEGER)");
        Change("PRAGMA user_version = 2");
        await RequireFailureAsync(SqliteStoreFailure.ForeignSchema);
    }

    [Fact]
    public async Task A_file_that_is_locked_when_it_is_opened_blocks_no_thread_and_fails_at_the_deadline()
    {
        var time = new FakeTimeProvider();
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        Execute(connection, "BEGIN EXCLUSIVE");
        using SqliteCounterStore store = Open(time);
        Task<CounterReservation> waiting = store.ReserveAsync(Request()).AsTask();
        Assert.False(waiting.IsCompleted);
        await PassTimeAsync(time, waiting);
        await RequireFailureAsync(SqliteStoreFailure.Locked, () => waiting);
        Execute(connection, "ROLLBACK");
        Task<CounterReservation> afterwards = store.ReserveAsync(Request()).AsTask();
        await PassTimeAsync(time, afterwards);
        Assert.Equal(CounterReservationStatus.Admitted, (await afterwards).Status);
    }

    [Fact]
    public async Task A_wait_for_other_writers_can_be_cancelled_and_charges_nothing()
    {
        using var cancellation = new CancellationTokenSource();
        using SqliteCounterStore store = Open();
        await store.ReserveAsync(Request());
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        Execute(connection, "BEGIN IMMEDIATE");
        Task<CounterReservation> waiting = store.ReserveAsync(Request(), cancellation.Token).AsTask();
        Task<CounterReservation> behind = store.ReserveAsync(Request(), cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => behind);
        Execute(connection, "ROLLBACK");
        Assert.Equal(CounterDemand.Unit, await new CaseStore(store, default).UsedAsync(Counter));
    }

    [Fact]
    public async Task A_link_leads_to_its_file_and_a_dead_or_circular_one_fails()
    {
        string link = Path.Combine(_harness.Folder, "link.db");
        File.CreateSymbolicLink(link, Database);
        using (var linked = new SqliteCounterStore(new SqliteCounterStoreOptions { Path = link }))
        using (SqliteCounterStore direct = Open())
        {
            await linked.ReserveAsync(Request());
            await direct.ReserveAsync(Request());
            Assert.Equal(2 * CounterDemand.Unit, await new CaseStore(linked, default).UsedAsync(Counter));
        }

        foreach (string target in (string[])[Path.Combine(_harness.Folder, "missing", "x.db"), "circular.db", _harness.Folder])
        {
            string broken = Path.Combine(_harness.Folder, "circular.db");
            File.CreateSymbolicLink(broken, target);
            using var store = new SqliteCounterStore(new SqliteCounterStoreOptions { Path = broken });
            await RequireFailureAsync(SqliteStoreFailure.CannotOpen, () => store.ReserveAsync(Request()).AsTask());
            File.Delete(broken);
        }
    }

    [UnprivilegedFact]
    public async Task A_read_only_file_fails()
    {
        using (SqliteCounterStore store = Open())
        {
            await store.ReserveAsync(Request());
        }

        File.SetAttributes(Database, FileAttributes.ReadOnly);
        await RequireFailureAsync(SqliteStoreFailure.ReadOnly);
    }

    [Theory]
    [InlineData(null, 2, 1)]
    [InlineData(SqliteSynchronous.Normal, 1, 0)]
    [InlineData(SqliteSynchronous.Off, 0, 0)]
    public void A_reservation_waits_for_the_disk_unless_told_otherwise(SqliteSynchronous? chosen, long synchronous, long fullFsync)
    {
        var options = new SqliteCounterStoreOptions { Path = Database };
        options.Synchronous = chosen ?? options.Synchronous;
        using SqliteConnection connection = SqliteSchema.Open(options.File);
        Assert.Equal("wal", Read("PRAGMA journal_mode"));
        Assert.Equal(synchronous, Read("PRAGMA synchronous"));
        Assert.Equal(fullFsync, Read("PRAGMA fullfsync"));

        object? Read(string text)
        {
#pragma warning disable CA2100 // Constants, all of them.
            using var command = new SqliteCommand(text, connection);
#pragma warning restore CA2100
            return command.ExecuteScalar();
        }
    }

    [Fact]
    public async Task A_file_cut_short_fails()
    {
        using (SqliteCounterStore store = Open())
        {
            await store.ReserveAsync(Request());
        }

        using (FileStream file = File.OpenWrite(Database))
        {
            file.SetLength(file.Length - 4_096);
        }

        await RequireFailureAsync(SqliteStoreFailure.Damaged);
    }

    /// <summary>Text in SQLite may end at a NUL, and has no lone surrogates.</summary>
    [Theory]
    [InlineData(CounterScope.Grant)]
    [InlineData(CounterScope.Policy)]
    public async Task Odd_grants_have_bounds_of_their_own(CounterScope scope)
    {
        CaseLimit Of(string grant) => new(CaseStore.Definition("odd", scope, isPartitioned: true), 1_000_000, Value: grant);
        using var store = new SqliteCounterStore(new SqliteCounterStoreOptions { Path = Database, MaxCountersPerGrant = 1 });
        foreach (string grant in (string[])["", "g", "g\0a", "g\0b", "g\ud800", "g\ud801", "g|", "g%007c", "all"])
        {
            Assert.Equal(
                CounterReservationStatus.Admitted,
                (await store.ReserveAsync(CaseStore.Request([Of(grant)], grantId: grant))).Status);
            CounterDefinition other = CaseStore.Definition("other");
            Assert.Equal(
                CounterReservationStatus.AtCapacity,
                (await store.ReserveAsync(CaseStore.Request(other, 1_000_000, grantId: grant))).Status);
        }
    }

    [Fact]
    public async Task A_folder_or_a_missing_folder_fails()
    {
        Directory.CreateDirectory(Database);
        await RequireFailureAsync(SqliteStoreFailure.CannotOpen);
        Directory.Delete(Database);
        using var store = new SqliteCounterStore(new SqliteCounterStoreOptions { Path = Path.Combine(_harness.Folder, "missing", "x.db") });
        await RequireFailureAsync(SqliteStoreFailure.CannotOpen, () => store.ReserveAsync(Request()).AsTask());
    }

    [Fact]
    public async Task A_full_database_fails_and_charges_nothing()
    {
        using SqliteCounterStore store = Open();
        await store.ReserveAsync(Request());
        using (var file = new SqliteCounterFile(SqliteSchema.Open(new SqliteCounterStoreOptions { Path = Database }.File)))
        {
            file.LimitPages();
            Assert.True(file.TryBegin());
            var e = Assert.Throws<SqliteException>(() =>
            {
                for (int i = 0; i < 10_000; i++)
                {
                    var window = new CounterWindow(Counter);
                    window.MoveTo(DateTimeOffset.FromUnixTimeMilliseconds(CaseStores.Start));
                    file.Save(new CounterKey(Counter, "g", null), $"a|b|c|g|{i}", window, "g");
                }
            });
            Assert.Equal(SqliteStoreFailure.Full, SqliteFailures.From(e).Failure);
            file.RollBack();
        }

        Assert.Equal(CounterDemand.Unit, await new CaseStore(store, default).UsedAsync(Counter));
    }

    [Theory]
    [InlineData(5, SqliteStoreFailure.Locked)]
    [InlineData(517, SqliteStoreFailure.Locked)]
    [InlineData(8, SqliteStoreFailure.ReadOnly)]
    [InlineData(1_032, SqliteStoreFailure.ReadOnly)]
    [InlineData(13, SqliteStoreFailure.Full)]
    [InlineData(11, SqliteStoreFailure.Damaged)]
    [InlineData(26, SqliteStoreFailure.Damaged)]
    [InlineData(14, SqliteStoreFailure.CannotOpen)]
    [InlineData(10, SqliteStoreFailure.InputOutput)]
    [InlineData(1, SqliteStoreFailure.Other)]
    public void Codes_of_sqlite_have_their_failure(int code, SqliteStoreFailure failure) =>
        Assert.Equal(failure, SqliteFailures.From(code).Failure);

    [Fact]
    public async Task The_engine_denies_when_the_store_fails()
    {
        await File.WriteAllTextAsync(Database, "not a database");
        using SqliteCounterStore store = Open();
        var authorizer = new ToolCallAuthorizer(
            PolicyLayer.Policy.Parse(System.Text.Encoding.UTF8.GetBytes(Policy)), new ToolCallAuthorizerOptions { Counters = store });
        ToolCallDecision decision = await authorizer.AuthorizeAsync(new ToolCall("t") { GrantId = "g" });
        Assert.False(decision.IsAllowed);
        Assert.Equal(DecisionCode.CounterStoreUnavailable, decision.Code);
    }

    [Fact]
    public async Task A_file_that_was_put_right_is_opened_again()
    {
        await File.WriteAllTextAsync(Database, "not a database");
        using SqliteCounterStore store = Open();
        await RequireFailureAsync(SqliteStoreFailure.Damaged, () => store.ReserveAsync(Request()).AsTask());
        File.Delete(Database);
        Assert.Equal(CounterReservationStatus.Admitted, (await store.ReserveAsync(Request())).Status);
    }

    [Fact]
    public async Task Expired_rows_are_cleaned_up()
    {
        using SqliteCounterStore store = Open();
        for (int i = 0; i < 100; i++)
        {
            await store.ReserveAsync(
                CaseStore.Request(Counter, CounterDemand.Unit, CaseStores.Start + (i * 60_000), grantId: $"grant-{i}"));
        }

        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        using var command = new SqliteCommand("SELECT count(*) FROM counters", connection);
        Assert.Equal(1L, command.ExecuteScalar());
    }

    public void Dispose() => _harness.Dispose();

    private static CounterDefinition Counter { get; } = CaseStore.Definition("c", windowSeconds: 60);

    private static CounterRequest Request() => CaseStore.Request(Counter, CounterDemand.Largest);

    private static async Task RequireFailureAsync(SqliteStoreFailure failure, Func<Task> act) =>
        Assert.Equal(failure, (await Assert.ThrowsAsync<SqliteStoreException>(act)).Failure);

    private static async Task PassTimeAsync(FakeTimeProvider time, params Task[] until)
    {
        while (until.Any(task => !task.IsCompleted))
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }
    }

    private static void Execute(SqliteConnection connection, string text)
    {
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants, all of them.
        command.CommandText = text;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private async Task RequireFailureAsync(SqliteStoreFailure failure)
    {
        using SqliteCounterStore store = Open();
        await RequireFailureAsync(failure, () => store.ReserveAsync(Request()).AsTask());
    }

    private void Change(string text)
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        Execute(connection, text);
    }

    private SqliteCounterStore Open(TimeProvider? time = null) =>
        new(new SqliteCounterStoreOptions { Path = Database, TimeProvider = time ?? TimeProvider.System });
}
