using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using PolicyLayer.Approvals;
using PolicyLayer.Sqlite;
using static PolicyLayer.Tests.Sqlite.ApprovalCase;

namespace PolicyLayer.Tests.Sqlite;

/// <summary>Who reads the file reads no value, and who may read a value reads that of the request and of no other.</summary>
public sealed class SqliteApprovalSecretTests : IDisposable
{
    private const string Secret = "SECRET-c0ffee";

    private readonly ApprovalCase _case = new();

    [Fact]
    public async Task No_value_is_in_the_files_while_a_request_waits_or_after()
    {
        using SqliteApprovalStore store = Open("k1");
        for (int i = 1; i <= 30; i++)
        {
            await store.AskAsync(Request(i, i, content: ContentOf(i)));
        }

        await ApproveAsync(store, 1);
        await RefuseAsync(store, 2);
        Assert.True(_case.IsInFiles("CREATE TABLE approvals", "*.db*"));
        Assert.True(File.Exists(_case.Database + "-wal"));
        Assert.True(File.Exists(_case.Database + "-shm"));
        Assert.False(_case.IsInFiles(Secret));
        Assert.False(_case.IsInFiles(Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret))[..12]));
        Assert.Equal(ContentOf(1), (await FindAsync(store, 1))!.Content.ToArray());
        await FindAsync(store, 1, Start + Period);
        Checkpoint();
        Assert.False(_case.IsInFiles(Secret));
    }

    /// <summary>Contents that fit in a page, and such that take several.</summary>
    [Fact]
    public async Task What_was_plain_is_overwritten_when_it_ends()
    {
        using SqliteApprovalStore store = _case.Open();
        for (int i = 1; i <= 60; i++)
        {
            await store.AskAsync(Request(i, i, content: ContentOf(i)));
        }

        Checkpoint();
        Assert.True(_case.IsInFiles(Secret, "*.db"));
        for (int i = 1; i <= 20; i++)
        {
            await RefuseAsync(store, i);
            await ApproveAsync(store, i + 20);
            Assert.True(await store.SpendAsync(UseOf(i + 20, i + 20)));
        }

        Checkpoint();
        for (int i = 1; i <= 40; i++)
        {
            Assert.False(_case.IsInFiles(MarkOf(i)), MarkOf(i));
            Assert.True((await FindAsync(store, i))!.Content.IsEmpty);
        }

        Assert.True(_case.IsInFiles(MarkOf(60)));
        await FindAsync(store, 60, Start + Period);
        Checkpoint();
        Assert.False(_case.IsInFiles(Secret));
    }

    [Fact]
    public async Task What_an_older_key_encrypted_is_read_until_the_key_is_dropped()
    {
        using (SqliteApprovalStore store = Open("k1"))
        {
            await store.AskAsync(Request(1, 1, content: ContentOf(1)));
            await store.AskAsync(Request(2, 2, content: ContentOf(2)));
            await store.AskAsync(Request(3, 3, content: ContentOf(3)));
        }

        using (SqliteApprovalStore rotated = Open("k2", "k1"))
        {
            await rotated.AskAsync(Request(4, 4, content: ContentOf(4)));
            Assert.Equal(ContentOf(1), (await FindAsync(rotated, 1))!.Content.ToArray());
        }

        using SqliteApprovalStore dropped = Open("k2");
        IReadOnlyList<StoredApproval> pending = await dropped.ListPendingAsync(new ApprovalListQuery { Time = Start, Count = 9 });
        Assert.Equal([true, true, true, false], pending.Select(each => each.Content.IsEmpty));
        Assert.Equal(ContentOf(4), pending[3].Content.ToArray());

        // What nobody can read stands all the same, by its id.
        await RefuseAsync(dropped, 1);
        await ApproveAsync(dropped, 2);
        Assert.True((await dropped.AskAsync(Request(9, 2))).Approval is { Status: ApprovalStatus.Approved, Content.IsEmpty: true });
        Assert.True(await dropped.SpendAsync(UseOf(2, 2)));
        Assert.Null((await new ApprovalInbox(dropped, new FakeTimeProvider(Start)).FindAsync(IdOf(3)))!.ToolName);
    }

    [Fact]
    public async Task A_content_that_was_put_beside_another_request_is_not_shown()
    {
        using SqliteApprovalStore store = Open("k1");
        await store.AskAsync(Request(1, 1, content: [1, .. RandomNumberGenerator.GetBytes(99)]));
        await store.AskAsync(Request(2, 2, content: [2, .. RandomNumberGenerator.GetBytes(99)]));
        _case.Run(
            """
            UPDATE approval_contents SET content = (SELECT content FROM approval_contents AS other WHERE other.number = 2) WHERE number = 1
            """);
        Assert.True((await FindAsync(store, 1))!.Content.IsEmpty);
        Assert.Equal(2, (await FindAsync(store, 2))!.Content.Span[0]);
    }

    [Fact]
    public async Task A_protector_that_fails_keeps_nothing_and_shows_nothing()
    {
        using (SqliteApprovalStore store = _case.Open(options => options.Protector = new FailingProtector()))
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => store.AskAsync(Request(1)).AsTask());
            Assert.Null(await FindAsync(store, 1));
            var look = new ApprovalQuery(Start, IdOf(1));
            Assert.Null(await store.FindAsync(look));
        }

        using SqliteApprovalStore plain = _case.Open();
        using SqliteApprovalStore failing = _case.Open(options => options.Protector = new FailingProtector());
        await plain.AskAsync(Request(1));
        Assert.True((await FindAsync(failing, 1)) is { Status: ApprovalStatus.Pending, Content.IsEmpty: true });
        await ApproveAsync(failing, 1);
        Assert.True(await failing.SpendAsync(UseOf(1)));
    }

    [Fact]
    public async Task A_protector_that_hangs_has_until_the_deadline()
    {
        var time = new FakeTimeProvider();
        using SqliteApprovalStore plain = _case.Open();
        using SqliteApprovalStore hanging = _case.Open(
            options => (options.Protector, options.TimeProvider) = (new HangingProtector(), time));
        await plain.AskAsync(Request(1, 1));
        await plain.AskAsync(Request(2, 2));

        Task<ApprovalAnswer> asking = hanging.AskAsync(Request(3, 3)).AsTask();
        await PassTimeAsync(time, asking);
        await Assert.ThrowsAsync<TimeoutException>(() => asking);
        Task<IReadOnlyList<StoredApproval>> listing =
            hanging.ListPendingAsync(new ApprovalListQuery { Time = Start, Count = 9 }).AsTask();
        await PassTimeAsync(time, listing);
        Assert.Equal([true, true], (await listing).Select(each => each.Content.IsEmpty));

        using var cancellation = new CancellationTokenSource();
        Task<StoredApproval?> finding = hanging.FindAsync(new ApprovalQuery(Start, IdOf(1)), cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => finding);
    }

    [Fact]
    public async Task Who_gave_up_is_told_of_a_request_that_was_made()
    {
        var late = new LateProtector();
        using SqliteApprovalStore store = _case.Open(options => options.Protector = late);

        ApprovalAnswer answer = await late.AskAndGiveUpAsync(store, Request(1, 1), "shown"u8.ToArray());

        Assert.Equal(ApprovalAnswerKind.Requested, answer.Kind);
        Assert.Equal("shown"u8, answer.Approval!.Content.Span);
    }

    public void Dispose() => _case.Dispose();

    private static string MarkOf(int number) => $"{Secret}-{number:d3}-";

    private static byte[] ContentOf(int number) =>
        Encoding.UTF8.GetBytes($"{{\"key\":\"{MarkOf(number)}{new string('x', number * number * 5)}{MarkOf(number)}\"}}");

    private static async Task PassTimeAsync(FakeTimeProvider time, Task until)
    {
        while (!until.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(10));
            await Task.Yield();
        }
    }

    private SqliteApprovalStore Open(string current, params string[] others) =>
        _case.Open(options => options.Protector = ApprovalProtector.Encrypting(ApprovalKeys.Of(current, others)));

    private void Checkpoint() => Assert.Equal(0L, _case.Run("PRAGMA wal_checkpoint(TRUNCATE)"));

    private sealed class FailingProtector : IApprovalProtector
    {
        public ValueTask<ReadOnlyMemory<byte>> ProtectAsync(
            ProtectedApproval subject, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("No key.");

        public async ValueTask<ReadOnlyMemory<byte>?> UnprotectAsync(
            ProtectedApproval subject, ReadOnlyMemory<byte> kept, CancellationToken cancellationToken)
        {
            await Task.Yield();
            throw new InvalidOperationException("No key.");
        }
    }

    /// <summary>It doesn't heed its token.</summary>
    private sealed class HangingProtector : IApprovalProtector
    {
        public ValueTask<ReadOnlyMemory<byte>> ProtectAsync(
            ProtectedApproval subject, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
            new(new TaskCompletionSource<ReadOnlyMemory<byte>>().Task);

        public ValueTask<ReadOnlyMemory<byte>?> UnprotectAsync(
            ProtectedApproval subject, ReadOnlyMemory<byte> kept, CancellationToken cancellationToken) =>
            new(new TaskCompletionSource<ReadOnlyMemory<byte>?>().Task);
    }
}
