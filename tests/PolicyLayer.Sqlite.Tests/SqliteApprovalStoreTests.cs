using Microsoft.Data.Sqlite;
using PolicyLayer.Approvals;
using PolicyLayer.Counters;
using PolicyLayer.Sqlite;
using PolicyLayer.Testing;
using static PolicyLayer.Tests.Sqlite.ApprovalCase;

namespace PolicyLayer.Tests.Sqlite;

/// <summary>What the store of approvals does that the kit doesn't ask: bounds of its own, odd texts, what is left in the file.</summary>
public sealed class SqliteApprovalStoreTests : IDisposable
{
    private readonly ApprovalCase _case = new();

    [Fact]
    public void Without_a_protector_there_is_no_store_and_both_ways_out_are_named()
    {
        ArgumentException failure = Assert.Throws<ArgumentException>(() => _case.Open(options => options.Protector = null));
        Assert.Contains("`ApprovalProtector.Encrypting(keys)`", failure.Message, StringComparison.Ordinal);
        Assert.Contains("`ApprovalProtector.Plain`", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_approval_narrowed_to_its_call_is_there_for_no_other()
    {
        using SqliteApprovalStore store = _case.Open();
        await store.AskAsync(Request(1, exact: 11, uses: 3));
        await ApproveAsync(store, 1, isExact: true);
        StoredApproval own = (await store.AskAsync(Request(9, exact: 11))).Approval!;
        Assert.True(own is { Status: ApprovalStatus.Approved, IsExact: true, UsesLeft: 3 } && own.Id == IdOf(1));

        Assert.False(await store.SpendAsync(UseOf(1, exact: 12)));
        Assert.Equal(ApprovalAnswerKind.Requested, (await store.AskAsync(Request(2, exact: 12))).Kind);
        Assert.True(await store.SpendAsync(UseOf(1, exact: 11)));
        await store.ReturnAsync(UseOf(1, exact: 12));
        Assert.Equal(2, (await FindAsync(store, 1))!.UsesLeft);

        await ApproveAsync(store, 2);
        Assert.Equal(IdOf(1), (await store.AskAsync(Request(9, exact: 11))).Approval!.Id);
        Assert.Equal(IdOf(2), (await store.AskAsync(Request(9, exact: 12))).Approval!.Id);
        Assert.True(await store.SpendAsync(UseOf(2, exact: 13)));
    }

    [Fact]
    public async Task Refusals_count_for_all_of_a_binding_narrowed_or_not()
    {
        using SqliteApprovalStore store = _case.Open();
        await store.AskAsync(Request(1, exact: 11));
        await ApproveAsync(store, 1, isExact: true);
        await store.AskAsync(Request(2, exact: 12));
        await RefuseAsync(store, 2);
        Assert.Equal(["Refused", "Refused"], await StatusesAsync(store, 2));
        Assert.Equal(IdOf(2), (await store.AskAsync(Request(9, exact: 11))).Approval!.Id);

        await store.AskAsync(Request(3, binding: 2, exact: 21));
        await ApproveAsync(store, 3, isExact: true);
        await RefuseAsync(store, 3);
        StoredApproval refusal = (await store.AskAsync(Request(9, binding: 2, exact: 22))).Approval!;
        Assert.True(refusal is { Status: ApprovalStatus.Refused } && refusal.Id == IdOf(3));
    }

    /// <summary>Text in SQLite may end at a NUL, and has no lone surrogates.</summary>
    [Fact]
    public async Task Odd_texts_are_kept_apart_and_come_back_as_they_were()
    {
        string[] grants = ["", "g", "g\0a", "g\0b", "g\ud800", "g\ud801", "g|", "g%007c", "all", "\U0001F600"];
        using SqliteApprovalStore store = _case.Open();
        for (int i = 0; i < grants.Length; i++)
        {
            ApprovalRequest request = Request(i + 1, binding: i + 1, grantId: grants[i], maxPending: 1);
            Assert.Equal(ApprovalAnswerKind.Requested, (await store.AskAsync(request)).Kind);
            request = Request(99, binding: 99, grantId: grants[i], maxPending: 1);
            Assert.Equal(ApprovalAnswerKind.TooMany, (await store.AskAsync(request)).Kind);
            var query = new ApprovalListQuery { Time = Start, Count = 9, GrantId = grants[i] };
            Assert.Equal((IdOf(i + 1), grants[i]), Assert.Single(
                (await store.ListPendingAsync(query)).Select(pending => (pending.Id, pending.GrantId))));
            var answer = new ApprovalResolve
            {
                Time = Start,
                Id = IdOf(i + 1),
                IsApproved = true,
                By = "ann" + grants[i],
                Reason = grants[i],
            };
            Assert.Equal(ApprovalResolution.Done, await store.ResolveAsync(answer));
            StoredApproval approved = (await FindAsync(store, i + 1))!;
            Assert.Equal(("ann" + grants[i], grants[i]), (approved.AnsweredBy, approved.Reason));

            Assert.True(await store.SpendAsync(UseOf(i + 1, binding: i + 1)));
            await store.AskAsync(Request(i + 101, binding: i + 1, grantId: grants[i]));
            var refusal = new ApprovalResolve
            {
                Time = Start,
                Id = IdOf(i + 101),
                IsApproved = false,
                By = "bob" + grants[i],
                Reason = i == 0 ? null : "no" + grants[i],
            };
            Assert.Equal(ApprovalResolution.Done, await store.ResolveAsync(refusal));
            StoredApproval spent = (await FindAsync(store, i + 1))!;
            Assert.Equal((ApprovalStatus.Refused, refusal.By, refusal.Reason), (spent.Status, spent.AnsweredBy, spent.Reason));
        }
    }

    [Fact]
    public async Task What_has_ended_makes_room_the_oldest_first()
    {
        using SqliteApprovalStore store = _case.Open(options => options.MaxApprovals = options.MaxApprovalsPerGrant = 3);
        await store.AskAsync(Request(1, binding: 1, grantId: "g"));
        await store.AskAsync(Request(2, binding: 2, grantId: "h", time: Start.AddSeconds(1)));
        await store.AskAsync(Request(3, binding: 3, grantId: "h", time: Start.AddSeconds(2)));
        DateTimeOffset second = Start.AddSeconds(1) + Period;

        Assert.Equal(ApprovalAnswerKind.TooMany, (await store.AskAsync(Request(4, 4, grantId: "i", time: Start.AddSeconds(3)))).Kind);
        Assert.Equal(ApprovalAnswerKind.Requested, (await store.AskAsync(Request(4, 4, grantId: "i", time: second))).Kind);
        Assert.Equal(["Unknown", "Expired", "Pending", "Pending"], await StatusesAsync(store, 4, second));
        Assert.Equal(ApprovalAnswerKind.Requested, (await store.AskAsync(Request(5, 5, grantId: "i", time: second))).Kind);
        Assert.Equal(ApprovalAnswerKind.TooMany, (await store.AskAsync(Request(6, 6, grantId: "i", time: second))).Kind);
        Assert.Equal(["Unknown", "Unknown", "Pending", "Pending", "Pending"], await StatusesAsync(store, 5, second));
    }

    [Fact]
    public async Task A_grant_takes_no_more_than_its_share()
    {
        using SqliteApprovalStore store = _case.Open(options => (options.MaxApprovals, options.MaxApprovalsPerGrant) = (4, 2));
        await store.AskAsync(Request(1, binding: 1, grantId: "other"));
        await store.AskAsync(Request(2, binding: 2, time: Start.AddSeconds(1)));
        await store.AskAsync(Request(3, binding: 3, time: Start.AddSeconds(2)));
        DateTimeOffset second = Start.AddSeconds(1) + Period;

        Assert.Equal(ApprovalAnswerKind.TooMany, (await store.AskAsync(Request(4, 4, time: Start.AddSeconds(2)))).Kind);
        Assert.Equal(ApprovalAnswerKind.Requested, (await store.AskAsync(Request(4, 4, time: second))).Kind);
        Assert.Equal(["Expired", "Unknown", "Pending", "Pending"], await StatusesAsync(store, 4, second));
        Assert.Equal(ApprovalAnswerKind.TooMany, (await store.AskAsync(Request(5, 5, time: second))).Kind);
        Assert.Equal(ApprovalAnswerKind.Requested, (await store.AskAsync(Request(5, 5, grantId: "other", time: second))).Kind);
    }

    [Fact]
    public async Task Contents_count_as_they_are_kept_in_all_and_of_a_grant()
    {
        using SqliteApprovalStore store = _case.Open(options =>
        {
            options.Protector = new DoublingProtector();
            (options.MaxContentBytes, options.MaxContentBytesPerGrant) = (20, 12);
        });
        async Task RequireAsync(ApprovalAnswerKind kind, int number, int bytes, string grantId = "g") =>
            Assert.Equal(kind, (await store.AskAsync(Request(number, number, grantId: grantId, content: new byte[bytes]))).Kind);
        await RequireAsync(ApprovalAnswerKind.TooMany, 1, bytes: 7);
        await RequireAsync(ApprovalAnswerKind.Requested, 1, bytes: 4);
        await RequireAsync(ApprovalAnswerKind.TooMany, 2, bytes: 3);
        await RequireAsync(ApprovalAnswerKind.Requested, 2, bytes: 2);
        await RequireAsync(ApprovalAnswerKind.TooMany, 3, bytes: 5, "other");
        await RequireAsync(ApprovalAnswerKind.Requested, 3, bytes: 4, "other");
        Assert.Equal(20L, _case.Run("SELECT content_bytes FROM approval_shares WHERE holder = 'all'"));
        await RefuseAsync(store, 1);
        await RequireAsync(ApprovalAnswerKind.Requested, 4, bytes: 4);
    }

    [Fact]
    public async Task Nothing_is_left_of_what_is_forgotten()
    {
        using SqliteApprovalStore store = _case.Open();
        for (int i = 1; i <= 8; i++)
        {
            await store.AskAsync(Request(i, i));
        }

        await RefuseAsync(store, 1);
        await ApproveAsync(store, 2);
        await ApproveAsync(store, 3);
        Assert.True(await store.SpendAsync(UseOf(3, 3)));
        Assert.Equal("8 8 6", Held());
        await FindAsync(store, 1, Start + Period);
        Assert.Equal("8 8 0", Held());
        await FindAsync(store, 1, Start + Period + TimeSpan.FromHours(1));
        Assert.Equal("0 0 0", Held());
        Assert.Equal("all 0 0 0", _case.Run(
            "SELECT group_concat(holder || ' ' || held || ' ' || pending || ' ' || content_bytes) FROM approval_shares"));
    }

    [Fact]
    public async Task Times_at_the_end_of_the_calendar_are_times()
    {
        using SqliteApprovalStore store = _case.Open();
        await store.AskAsync(Request(1, time: DateTimeOffset.MaxValue));
        Assert.Equal(DateTimeOffset.MaxValue, (await FindAsync(store, 1, DateTimeOffset.MaxValue.AddSeconds(-1)))?.Until);
        Assert.Null(await FindAsync(store, 1, DateTimeOffset.MaxValue));
        await store.AskAsync(Request(2, time: DateTimeOffset.MinValue));
        Assert.Equal(DateTimeOffset.MinValue, (await FindAsync(store, 2, DateTimeOffset.MinValue))?.Requested);
    }

    [Fact]
    public async Task Mistakes_throw_and_change_nothing()
    {
        using SqliteApprovalStore store = _case.Open();
        await store.AskAsync(Request(1));
        await Assert.ThrowsAsync<ArgumentNullException>(async () => await store.AskAsync(null!));
        await Assert.ThrowsAsync<ArgumentNullException>(async () => await store.ResolveAsync(null!));
        await Assert.ThrowsAsync<ArgumentNullException>(async () => await store.ListPendingAsync(null!));
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.AskAsync(Request(1, binding: 2)));
        var toNothing = new ApprovalResolve { Time = Start, Id = IdOf(1), IsApproved = true, By = "ann", Uses = 0 };
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await store.ResolveAsync(toNothing));
        Assert.Equal("1 1 1", Held());
        await ApproveAsync(store, 1);
    }

    [Fact]
    public async Task Counters_and_approvals_share_a_file()
    {
        using var counters = new SqliteCounterStore(new SqliteCounterStoreOptions { Path = _case.Database });
        using SqliteApprovalStore approvals = _case.Open();
        CounterRequest request = CaseStore.Request(CaseStore.Definition("c"), CounterDemand.Largest);
        await Task.WhenAll(Enumerable.Range(1, 50).Select(async i =>
        {
            await counters.ReserveAsync(request);
            await approvals.AskAsync(Request(i, i));
        }));
        Assert.Equal(50 * CounterDemand.Unit, await new CaseStore(counters, default).UsedAsync(CaseStore.Definition("c")));
        Assert.Equal("50 50 50", Held());
    }

    /// <summary>
    /// What grows with all that is held is a scan, but for the first row of an index, or a sort, but of the two that may answer.
    /// </summary>
    [Fact]
    public void Every_statement_goes_by_an_index()
    {
        using SqliteConnection connection = SqliteSchema.Open(_case.Options.File);
        using var file = new SqliteApprovalFile(connection);
        Assert.NotEmpty(file.Texts);
        foreach (string text in file.Texts)
        {
#pragma warning disable CA2100 // Constants, all of them.
            using var command = new SqliteCommand("EXPLAIN QUERY PLAN " + text, connection);
#pragma warning restore CA2100
            command.CommandText = System.Text.RegularExpressions.Regex.Replace(command.CommandText, @"\$\w+", "'1'");
            using SqliteDataReader reader = command.ExecuteReader();
            while (reader.Read())
            {
                string step = reader.GetString(3);
                bool isFirst = step == "SCAN approvals USING COVERING INDEX approvals_remembered"
                    && text.Contains("LIMIT 1)", StringComparison.Ordinal);
                Assert.True(isFirst || !step.StartsWith("SCAN approval", StringComparison.Ordinal), text);
                bool sorts = step.Contains("TEMP B-TREE", StringComparison.Ordinal);
                Assert.True(!sorts || text.Contains("UNION", StringComparison.Ordinal), text);
            }
        }
    }

    public void Dispose() => _case.Dispose();

    /// <summary>How many approvals there are, how many the shares count, and how many contents.</summary>
    private string Held() => (string)_case.Run(
        """
        SELECT (SELECT count(*) FROM approvals) || ' ' || (SELECT held FROM approval_shares WHERE holder = 'all') || ' '
            || (SELECT count(*) FROM approval_contents)
        """)!;

    private sealed class DoublingProtector : IApprovalProtector
    {
        public ValueTask<ReadOnlyMemory<byte>> ProtectAsync(
            ProtectedApproval subject, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
            new((byte[])[.. content.Span, .. content.Span]);

        public ValueTask<ReadOnlyMemory<byte>?> UnprotectAsync(
            ProtectedApproval subject, ReadOnlyMemory<byte> kept, CancellationToken cancellationToken) =>
            new(kept[..(kept.Length / 2)]);
    }
}
