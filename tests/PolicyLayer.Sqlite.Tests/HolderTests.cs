using Microsoft.Data.Sqlite;
using PolicyLayer.Counters;
using PolicyLayer.Sqlite;
using PolicyLayer.Testing;

namespace PolicyLayer.Tests.Sqlite;

/// <summary>Whom a counter counts for, as the file has it.</summary>
public sealed class HolderTests : IDisposable
{
    private readonly SqliteHarness _harness = new();

    private string Database => _harness.PathOf("holders");

    [Fact]
    public async Task A_policy_s_counter_for_a_value_stays_its_makers()
    {
        using SqliteCounterStore store = Open();
        CaseLimit limit = new(CaseStore.Definition("c", CounterScope.Policy, isPartitioned: true), 9 * CounterDemand.Unit);
        var cases = new CaseStore(store, default);
        await cases.AdmitAsync(CaseStore.Request([limit], grantId: "ci|1"));
        CounterRequest ofAnother = CaseStore.Request([limit], grantId: "another");
        await store.ReleaseAsync(new CounterRelease(ofAnother, await cases.AdmitAsync(ofAnother)));
        await store.ResetAsync(ofAnother[0].Key);
        await cases.AdmitAsync(ofAnother);
        Assert.Equal("ci%007c1", Read("SELECT group_concat(ifnull(grant_id, 'nobody')) FROM counters"));
        Assert.Equal("all=1,grant:ci%007c1=1", Read("SELECT group_concat(holder || '=' || live) FROM holders"));
    }

    [Fact]
    public async Task A_policy_s_plain_counter_is_nobodys()
    {
        using SqliteCounterStore store = Open();
        await new CaseStore(store, default).AdmitAsync(CaseStore.Request(CaseStore.Definition("c", CounterScope.Policy), 1_000_000));
        Assert.Equal("nobody", Read("SELECT group_concat(ifnull(grant_id, 'nobody')) FROM counters"));
    }

    [Fact]
    public async Task A_damaged_key_fails_a_list()
    {
        using SqliteCounterStore store = Open();
        await new CaseStore(store, default).AdmitAsync(CaseStore.Request(CaseStore.Definition("c"), 1_000_000));
        Read("UPDATE counters SET key = key || '|' RETURNING key");
        var failure = await Assert.ThrowsAsync<SqliteStoreException>(async () =>
        {
            await foreach (CounterStatus status in store.ListAsync())
            {
                Assert.Fail($"It lists {status.Key}.");
            }
        });
        Assert.Equal(SqliteStoreFailure.Damaged, failure.Failure);
    }

    [Fact]
    public async Task A_list_goes_on_over_pages()
    {
        using SqliteCounterStore store = Open();
        for (int i = 0; i < (2 * SqliteCounterFile.PageLength) + 1; i++)
        {
            await store.ReserveAsync(CaseStore.Request(CaseStore.Definition("c"), 1_000_000, grantId: $"g{i}"));
        }

        int count = 0;
        await foreach (CounterStatus status in store.ListAsync())
        {
            Assert.Equal(1_000_000, status.UsedMillionths);
            count++;
        }

        Assert.Equal((2 * SqliteCounterFile.PageLength) + 1, count);
    }

    public void Dispose() => _harness.Dispose();

    private SqliteCounterStore Open() => new(new SqliteCounterStoreOptions { Path = Database, Synchronous = SqliteSynchronous.Off });

    private string Read(string text)
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
#pragma warning disable CA2100 // Constants, all of them.
        using var command = new SqliteCommand(text, connection);
#pragma warning restore CA2100
        return (string)command.ExecuteScalar()!;
    }
}
