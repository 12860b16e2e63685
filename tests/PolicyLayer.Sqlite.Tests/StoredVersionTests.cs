using Microsoft.Data.Sqlite;
using PolicyLayer.Counters;
using PolicyLayer.Sqlite;
using PolicyLayer.Testing;

namespace PolicyLayer.Tests.Sqlite;

/// <summary>
/// What another version stored is read as what it is, or refused by name. The fixtures are kept for ever: <c>version-1.db</c> was written
/// by the first code that had this store.
/// </summary>
public sealed class StoredVersionTests : IDisposable
{
    private static readonly CounterDefinition Calls = CaseStore.Definition("calls", policy: "shop");

    private static readonly CounterDefinition Rate =
        CaseStore.Definition("rate", CounterScope.Session, 3_600, CounterAlgorithm.Sliding, policy: "shop");

    private static readonly CounterDefinition All = CaseStore.Definition("all", CounterScope.Policy, 86_400, policy: "shop");

    private readonly SqliteHarness _harness = new();

    [Fact]
    public async Task Counts_on_in_a_file_of_version_1()
    {
        using SqliteCounterStore store = Copy("version-1.db");
        CaseLimit[] limits = [new(Calls, 3_500_000), new(Rate, 3_000_000), new(All, 15)];
        CounterRequest request = CaseStore.Request(limits, [500_001, 1_000_001, 2], "ci|1", "s-1", CaseStores.Start + 100_000);
        CounterReservation refusal = await store.ReserveAsync(request);
        Assert.Equal([3_000_000, 2_000_000, 14], Enumerable.Range(0, 3).Select(refusal.GetUsedMillionths));
        request = CaseStore.Request(limits, [500_000, 1_000_000, 1], "ci|1", "s-1", CaseStores.Start + 100_000);
        Assert.Equal(CounterReservationStatus.Admitted, (await store.ReserveAsync(request)).Status);
    }

    [Theory]
    [InlineData("version-2.db", 2, SqliteStoreFailure.NewerSchema)]
    [InlineData("version-1.db", 0, SqliteStoreFailure.OlderSchema)]
    public async Task Refuses_another_version_by_name_and_leaves_it_alone(
        string fixture, int version, SqliteStoreFailure kind)
    {
        using SqliteCounterStore store = Copy(fixture);
        if (version == 0)
        {
            Change("PRAGMA user_version = 0");
        }

        string before = Contents();
        var failure = await Assert.ThrowsAsync<SqliteStoreException>(
            () => store.ReserveAsync(CaseStore.Request(Calls, CounterDemand.Largest)).AsTask());
        Assert.Equal(kind, failure.Failure);
        Assert.StartsWith(
            $"The database has version {version}; this package understands version 1. Use the package that wrote it, or ",
            failure.Message,
            StringComparison.Ordinal);
        Assert.Equal(before, Contents());
    }

    public void Dispose() => _harness.Dispose();

    private SqliteCounterStore Copy(string fixture)
    {
        File.Copy(Path.Combine(AppContext.BaseDirectory, "fixtures", fixture), _harness.PathOf("old"));
        return new SqliteCounterStore(new SqliteCounterStoreOptions { Path = _harness.PathOf("old") });
    }

    private void Change(string text) => Run(text, command => command.ExecuteNonQuery());

    private string Contents() => Run(
        "SELECT group_concat(key || hex(state)) || (SELECT user_version FROM pragma_user_version) FROM counters",
        command => (string)command.ExecuteScalar()!);

    private T Run<T>(string text, Func<SqliteCommand, T> run)
    {
        using var connection = new SqliteConnection($"Data Source={_harness.PathOf("old")};Pooling=False");
        connection.Open();
#pragma warning disable CA2100 // Constants, all of them.
        using var command = new SqliteCommand(text, connection);
#pragma warning restore CA2100
        return run(command);
    }
}
