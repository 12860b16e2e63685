using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using PolicyLayer.Approvals;
using PolicyLayer.Sqlite;
using static PolicyLayer.Tests.Sqlite.ApprovalCase;

namespace PolicyLayer.Tests.Sqlite;

/// <summary>A file of approvals that can't be used gives a typed error, and the engine a denial.</summary>
public sealed class SqliteApprovalFailureTests : IDisposable
{
    private readonly ApprovalCase _case = new();

    [Fact]
    public async Task A_locked_file_fails_at_the_deadline_and_works_again_afterwards()
    {
        var time = new FakeTimeProvider();
        using SqliteApprovalStore store = _case.Open(options => options.TimeProvider = time);
        await store.AskAsync(Request(1));
        using var connection = new SqliteConnection($"Data Source={_case.Database};Pooling=False");
        connection.Open();
        Execute(connection, "BEGIN IMMEDIATE");
        Task<ApprovalAnswer> asking = store.AskAsync(Request(2, 2)).AsTask();
        Task<bool> spending = store.SpendAsync(UseOf(1)).AsTask();
        while (!asking.IsCompleted || !spending.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal(SqliteStoreFailure.Locked, (await Assert.ThrowsAsync<SqliteStoreException>(() => asking)).Failure);
        Assert.Equal(SqliteStoreFailure.Locked, (await Assert.ThrowsAsync<SqliteStoreException>(() => spending)).Failure);
        Execute(connection, "ROLLBACK");
        using SqliteApprovalStore other = _case.Open();
        Assert.Equal(["Pending", "Unknown"], await StatusesAsync(other, 2));
    }

    /// <summary>Each is of one that could be approved, or that is.</summary>
    [Theory]
    [InlineData("standing = 9")]
    [InlineData("standing = 1")]
    [InlineData("standing = 4")]
    [InlineData("standing = 1, answered = 0")]
    [InlineData("uses = 0")]
    [InlineData("uses = 1001")]
    [InlineData("uses = 4294967297")]
    [InlineData("uses_left = 2")]
    [InlineData("valid_for = 0")]
    [InlineData("pending_for = -1")]
    [InlineData("requested = -1")]
    [InlineData("until = 9223372036854775807")]
    [InlineData("earliest = -9223372036854775808")]
    [InlineData("is_exact = 1")]
    [InlineData("is_exact = 2")]
    [InlineData("grant_id = 'g|'")]
    [InlineData("grant_id = 'g%00'")]
    [InlineData("answered_by = 'ann'")]
    [InlineData("reason = 'why not'")]
    [InlineData("content_bytes = 3")]
    public async Task A_damaged_row_is_no_approval(string change)
    {
        using (SqliteApprovalStore store = _case.Open())
        {
            await store.AskAsync(Request(1));
        }

        _case.Run($"UPDATE approvals SET {change}");
        using SqliteApprovalStore damaged = _case.Open();
        await RequireAsync(SqliteStoreFailure.Damaged, () => damaged.FindAsync(new ApprovalQuery(Start, IdOf(1))).AsTask());
        await RequireAsync(SqliteStoreFailure.Damaged, () => damaged.AskAsync(Request(2)).AsTask());
    }

    [Theory]
    [InlineData("uses_left = 0")]
    [InlineData("uses_left = 9")]
    [InlineData("answered_by = NULL")]
    [InlineData("answered = NULL")]
    [InlineData("has_ended = 2")]
    [InlineData("standing = 3")]
    public async Task What_a_damaged_approval_covers_is_not_spent(string change)
    {
        using (SqliteApprovalStore store = _case.Open())
        {
            await store.AskAsync(Request(1, uses: 3));
            await ApproveAsync(store, 1);
        }

        _case.Run($"UPDATE approvals SET {change}");
        using SqliteApprovalStore damaged = _case.Open();
        await RequireAsync(SqliteStoreFailure.Damaged, () => damaged.SpendAsync(UseOf(1)).AsTask());
    }

    [Fact]
    public async Task A_content_that_is_missing_or_cut_short_is_damage()
    {
        using SqliteApprovalStore store = _case.Open();
        await store.AskAsync(Request(1));
        _case.Run("UPDATE approval_contents SET content = substr(content, 2)");
        await RequireAsync(SqliteStoreFailure.Damaged, () => store.FindAsync(new ApprovalQuery(Start, IdOf(1))).AsTask());
        _case.Run("DELETE FROM approval_contents");
        await RequireAsync(
            SqliteStoreFailure.Damaged, () => store.ListPendingAsync(new ApprovalListQuery { Time = Start, Count = 1 }).AsTask());
    }

    [Fact]
    public async Task A_full_database_fails_and_requests_nothing()
    {
        using SqliteApprovalStore store = _case.Open();
        await store.AskAsync(Request(1));
        using (var file = new SqliteApprovalFile(SqliteSchema.Open(_case.Options.File)))
        {
            file.LimitPages();
            Assert.True(file.TryBegin());
            byte[] content = new byte[1 << 20];
            SqliteException e = Assert.Throws<SqliteException>(() => file.Add(SqliteApproval.Of(Request(2, 2), content)));
            Assert.Equal(SqliteStoreFailure.Full, SqliteFailures.From(e).Failure);
            file.RollBack();
        }

        Assert.Equal(["Pending", "Unknown"], await StatusesAsync(store, 2));
    }

    [Fact]
    public async Task A_folder_a_missing_folder_a_plain_file_and_a_database_of_something_else_fail()
    {
        Directory.CreateDirectory(_case.Database);
        await RequireAsync(SqliteStoreFailure.CannotOpen);
        Directory.Delete(_case.Database);
        await RequireAsync(SqliteStoreFailure.CannotOpen, Path.Combine(_case.Folder, "missing", "x.db"));
        await File.WriteAllTextAsync(_case.Database, "this is not a database, though it is long enough to be looked at as one");
        await RequireAsync(SqliteStoreFailure.Damaged);
        File.Delete(_case.Database);
        _case.Run("CREATE TABLE approvals (text TEXT)");
        await RequireAsync(SqliteStoreFailure.ForeignSchema);
    }

    [UnprivilegedFact]
    public async Task A_read_only_file_fails()
    {
        using (SqliteApprovalStore store = _case.Open())
        {
            await store.AskAsync(Request(1));
        }

        File.SetAttributes(_case.Database, FileAttributes.ReadOnly);
        await RequireAsync(SqliteStoreFailure.ReadOnly);
    }

    [Fact]
    public async Task A_store_that_is_disposed_says_so()
    {
        SqliteApprovalStore store = _case.Open();
        await store.AskAsync(Request(1));
        store.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.SpendAsync(UseOf(1)).AsTask());
    }

    [Fact]
    public async Task The_engine_denies_when_the_store_fails()
    {
        await File.WriteAllTextAsync(_case.Database, "not a database");
        using SqliteApprovalStore store = _case.Open();
        ToolCallAuthorizer authorizer = AuthorizerOn(store);
        ToolCallDecision decision = await authorizer.AuthorizeAsync(new ToolCall("pay") { GrantId = "g" });
        Assert.False(decision.IsAllowed);
        Assert.Equal(DecisionCode.ApprovalStoreUnavailable, decision.Code);
    }

    /// <summary>Two store objects, as two processes have: the agent's, and that of the person who answers.</summary>
    [Fact]
    public async Task What_a_person_approves_by_another_store_is_allowed_once()
    {
        using SqliteApprovalStore ofAgent = _case.Open(Encrypt);
        using SqliteApprovalStore ofPerson = _case.Open(Encrypt);
        ToolCallAuthorizer authorizer = AuthorizerOn(ofAgent);
        var inbox = new ApprovalInbox(ofPerson);
        ToolCall call = new("pay", ToolArguments.FromJson("""{"amount":12}""")) { GrantId = "g" };
        ToolCallDecision asked = await authorizer.AuthorizeAsync(call);
        Assert.Equal(DecisionCode.ApprovalRequired, asked.Code);
        Assert.Equal(asked.ApprovalId, (await authorizer.AuthorizeAsync(call)).ApprovalId);

        ApprovalView shown = Assert.Single(await inbox.ListPendingAsync());
        Assert.Equal((asked.ApprovalId, "pay", "g"), (shown.Id, shown.ToolName, shown.GrantId));
        Assert.Equal(12, shown.Arguments!.Value.GetProperty("amount").GetInt32());
        Assert.Equal(ApprovalResolution.Done, await inbox.ApproveAsync(shown.Id, new Approver("ann")));
        Assert.Equal(ApprovalStatus.Approved, await authorizer.Approvals.WaitAsync(shown.Id, TimeSpan.FromMinutes(1)));

        ToolCallDecision[] decisions = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => authorizer.AuthorizeAsync(call).AsTask()));
        Assert.Single(decisions, decision => decision.IsAllowed);
        Assert.Equal(ApprovalStatus.Spent, (await inbox.FindAsync(shown.Id))!.Status);
        Assert.Null((await inbox.FindAsync(shown.Id))!.Arguments);
        ToolCallDecision again = await authorizer.AuthorizeAsync(call);
        Assert.Equal(DecisionCode.ApprovalRequired, again.Code);
        Assert.NotEqual(shown.Id, again.ApprovalId);
    }

    public void Dispose() => _case.Dispose();

    private static void Encrypt(SqliteApprovalStoreOptions options) =>
        options.Protector = ApprovalProtector.Encrypting(ApprovalKeys.Of("k1"));

    private static ToolCallAuthorizer AuthorizerOn(IApprovalStore store)
    {
        const string Policy = """{ "version": "1", "default": "deny", "tools": { "pay": { "action": "require_approval" } } }""";
        return new ToolCallAuthorizer(
            PolicyLayer.Policy.Parse(Encoding.UTF8.GetBytes(Policy)), new ToolCallAuthorizerOptions { Approvals = store });
    }

    private static async Task RequireAsync(SqliteStoreFailure failure, Func<Task> act) =>
        Assert.Equal(failure, (await Assert.ThrowsAsync<SqliteStoreException>(act)).Failure);

    private static void Execute(SqliteConnection connection, string text)
    {
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants, all of them.
        command.CommandText = text;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private async Task RequireAsync(SqliteStoreFailure failure, string? path = null)
    {
        using SqliteApprovalStore store = _case.Open(options => options.Path = path ?? options.Path);
        await RequireAsync(failure, () => store.AskAsync(Request(1)).AsTask());
    }
}
