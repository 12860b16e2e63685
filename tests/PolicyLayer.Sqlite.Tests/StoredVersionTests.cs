using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using PolicyLayer.Approvals;
using PolicyLayer.Counters;
using PolicyLayer.Sqlite;
using PolicyLayer.Testing;

namespace PolicyLayer.Tests.Sqlite;

/// <summary>
/// What another version stored is read as what it is, or refused by name. The fixtures are kept for ever: <c>version-1.db</c> was written
/// by the first code that had counters, <c>version-2.db</c> by the first that had approvals, with the same counters.
/// </summary>
public sealed class StoredVersionTests : IDisposable
{
    private static readonly CounterDefinition Calls = CaseStore.Definition("calls", policy: "shop");

    private static readonly CounterDefinition Rate =
        CaseStore.Definition("rate", CounterScope.Session, 3_600, CounterAlgorithm.Sliding, policy: "shop");

    private static readonly CounterDefinition All = CaseStore.Definition("all", CounterScope.Policy, 86_400, policy: "shop");

    private readonly SqliteHarness _harness = new();

    [Fact]
    public async Task Counts_on_in_a_file_of_version_2()
    {
        using SqliteCounterStore store = Copy("version-2.db");
        CaseLimit[] limits = [new(Calls, 3_500_000), new(Rate, 3_000_000), new(All, 15)];
        CounterRequest request = CaseStore.Request(limits, [500_001, 1_000_001, 2], "ci|1", "s-1", CaseStores.Start + 100_000);
        CounterReservation refusal = await store.ReserveAsync(request);
        Assert.Equal([3_000_000, 2_000_000, 14], Enumerable.Range(0, 3).Select(refusal.GetUsedMillionths));
        request = CaseStore.Request(limits, [500_000, 1_000_000, 1], "ci|1", "s-1", CaseStores.Start + 100_000);
        Assert.Equal(CounterReservationStatus.Admitted, (await store.ReserveAsync(request)).Status);
    }

    [Fact]
    public async Task Goes_on_with_the_approvals_of_a_file_of_version_2()
    {
        Copy("version-2.db").Dispose();
        using var store = new SqliteApprovalStore(new SqliteApprovalStoreOptions
        {
            Path = _harness.PathOf("old"),
            Protector = ApprovalProtector.Encrypting(ApprovalKeys.Of("k2", "k1")),
        });
        StoredApproval pending = Assert.Single(await store.ListPendingAsync(new ApprovalListQuery { Time = Start, Count = 9 }));
        Assert.Equal((IdOf(1), "g\ud800", "1"), (pending.Id, pending.GrantId, Encoding.UTF8.GetString(pending.Content.Span)));
        StoredApproval approved = (await store.FindAsync(new ApprovalQuery(Start, IdOf(2))))!;
        Assert.True(approved is { Status: ApprovalStatus.Approved, IsExact: true, UsesLeft: 1, AnsweredBy: "ann", Reason: "fine" });
        Assert.Equal("2", Encoding.UTF8.GetString(approved.Content.Span));
        Assert.True(await store.SpendAsync(UseOf(2)));
        Assert.False(await store.SpendAsync(UseOf(2)));
        StoredApproval refused = (await store.AskAsync(Request(3))).Approval!;
        Assert.True(refused is { Status: ApprovalStatus.Refused, Reason: "not today" });
    }

    [Theory]
    [InlineData("version-3.db", 3, SqliteStoreFailure.NewerSchema)]
    [InlineData("version-2.db", 0, SqliteStoreFailure.OlderSchema)]
    [InlineData("version-1.db", 1, SqliteStoreFailure.OlderSchema)]
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
            $"The database has version {version}; this package understands version 2. Use the package that wrote it, or ",
            failure.Message,
            StringComparison.Ordinal);
        using var approvals = new SqliteApprovalStore(
            new SqliteApprovalStoreOptions { Path = _harness.PathOf("old"), Protector = ApprovalProtector.Plain });
        Assert.Equal(
            kind,
            (await Assert.ThrowsAsync<SqliteStoreException>(
                () => approvals.FindAsync(new ApprovalQuery(Start, IdOf(1))).AsTask())).Failure);
        Assert.Equal(before, Contents());
    }

    internal static DateTimeOffset Start { get; } = DateTimeOffset.FromUnixTimeMilliseconds(CaseStores.Start);

    internal static string IdOf(int number) => number.ToString("x32", CultureInfo.InvariantCulture);

    internal static ApprovalUse UseOf(int number) => new(Start, IdOf(number), Digest(number), Digest(-number));

    internal static ApprovalRequest Request(int number) => new()
    {
        Time = Start,
        NewId = IdOf(number),
        Binding = Digest(number),
        ExactBinding = Digest(-number),
        GrantId = "g\ud800",
        MayRequest = true,
        MaxPending = 9,
        PendingFor = TimeSpan.FromHours(1),
        Terms = new ApprovalTerms(2, TimeSpan.FromHours(1)),
        Content = Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture)),
    };

    public void Dispose() => _harness.Dispose();

    private static string Digest(int number) => number.ToString("x64", CultureInfo.InvariantCulture);

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
