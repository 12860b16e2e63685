using System.Runtime.CompilerServices;
using PolicyLayer.Approvals;

namespace PolicyLayer.Tests.Approvals;

/// <summary>What the store in memory does beside the contract: its bounds, and what it keeps.</summary>
public sealed class InMemoryApprovalStoreTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(10);

    private readonly InMemoryApprovalStore _store = new(new InMemoryApprovalStoreOptions { MaxContentBytes = 10 });

    [Fact]
    public async Task Contents_are_bounded_and_those_that_went_make_room()
    {
        Assert.Equal(ApprovalAnswerKind.Requested, await AskAsync(1, bytes: 6));
        Assert.Equal(ApprovalAnswerKind.TooMany, await AskAsync(2, bytes: 5));
        Assert.Equal(ApprovalAnswerKind.Requested, await AskAsync(3, bytes: 4));
        Assert.Equal(ApprovalAnswerKind.TooMany, await AskAsync(4, bytes: 1));
        Assert.Equal(ApprovalResolution.Done, await AnswerAsync(3, isApproved: false));
        Assert.Equal(ApprovalAnswerKind.TooMany, await AskAsync(4, bytes: 5));
        Assert.Equal(ApprovalAnswerKind.Requested, await AskAsync(4, bytes: 4));
        Assert.Equal(10, _store.ContentBytes);
    }

    [Fact]
    public async Task What_has_ended_counts_against_the_bound_until_it_is_forgotten()
    {
        var store = new InMemoryApprovalStore(new InMemoryApprovalStoreOptions { MaxApprovals = 1 });
        await store.AskAsync(Request(1, Start));
        TimeSpan forgotten = Period + TimeSpan.FromHours(1);

        Assert.Equal(ApprovalAnswerKind.TooMany, (await store.AskAsync(Request(2, Start + forgotten - TimeSpan.FromTicks(1)))).Kind);
        Assert.Equal(ApprovalAnswerKind.Requested, (await store.AskAsync(Request(2, Start + forgotten))).Kind);
    }

    [Fact]
    public async Task Nothing_is_left_of_what_is_forgotten()
    {
        for (int i = 1; i <= 8; i++)
        {
            await AskAsync(i, bytes: 1);
        }

        await AnswerAsync(1, isApproved: false);
        await AnswerAsync(2, isApproved: true);
        await AnswerAsync(3, isApproved: true);
        await _store.SpendAsync(new ApprovalUse(Start, Id(3), "b3"));
        Assert.Equal((8, 6), (_store.Count, _store.ContentBytes));

        await FindAsync(1, Start + Period);
        Assert.Equal((8, 0), (_store.Count, _store.ContentBytes));

        await FindAsync(1, Start + Period + TimeSpan.FromHours(1));
        Assert.Equal((0, 0), (_store.Count, _store.ContentBytes));
    }

    [Fact]
    public async Task A_reading_ten_years_ahead_bars_nobody_and_leaves_nothing_for_ten_years()
    {
        await _store.AskAsync(Request(1, Start.AddYears(10)));
        await AskAsync(2, bytes: 1);
        await AnswerAsync(2, isApproved: true);

        Assert.True(await _store.SpendAsync(new ApprovalUse(Start, Id(2), "b2")));
        Assert.Equal(ApprovalStatus.Expired, (await FindAsync(1, Start))?.Status);
        Assert.Null(await FindAsync(1, Start.AddHours(1)));
    }

    [Fact]
    public async Task Times_at_the_end_of_the_calendar_are_times()
    {
        await _store.AskAsync(Request(1, DateTimeOffset.MaxValue));

        Assert.Equal(DateTimeOffset.MaxValue, (await FindAsync(1, DateTimeOffset.MaxValue.AddSeconds(-1)))?.Until);
        Assert.Null(await FindAsync(1, DateTimeOffset.MaxValue));
    }

    [Fact]
    public async Task Contents_that_went_are_nobodys()
    {
        WeakReference content = await AskAsync(_store);
        await AnswerAsync(1, isApproved: false);

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.False(content.IsAlive);
        Assert.NotNull(await FindAsync(1, Start));
    }

    [Fact]
    public async Task Mistakes_throw_and_change_nothing()
    {
        await AskAsync(1, bytes: 1);

        await Assert.ThrowsAsync<ArgumentNullException>(async () => await _store.AskAsync(null!));
        await Assert.ThrowsAsync<ArgumentNullException>(async () => await _store.ResolveAsync(null!));
        await Assert.ThrowsAsync<ArgumentNullException>(async () => await _store.ListPendingAsync(null!));
        await Assert.ThrowsAsync<ArgumentException>(async () => await _store.AskAsync(Request(2, Start, terms: default(ApprovalTerms))));
        await Assert.ThrowsAsync<ArgumentException>(async () => await _store.AskAsync(Request(1, Start, binding: "another")));
        var toNothing = new ApprovalResolve { Time = Start, Id = Id(1), IsApproved = true, By = "ann", Uses = 0 };
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await _store.ResolveAsync(toNothing));

        Assert.Equal((1, 1), (_store.Count, _store.ContentBytes));
        Assert.Equal(ApprovalStatus.Pending, (await FindAsync(1, Start))?.Status);
        Assert.Equal(ApprovalResolution.Done, await AnswerAsync(1, isApproved: true));
    }

    [Fact]
    public void Bounds_are_at_least_one()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new InMemoryApprovalStore(new() { MaxApprovals = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new InMemoryApprovalStore(new() { MaxContentBytes = 0 }));
    }

    private static string Id(int number) => $"{number:x32}";

    private static ApprovalRequest Request(
        int number, DateTimeOffset at, ReadOnlyMemory<byte> content = default, ApprovalTerms? terms = null, string? binding = null) => new()
        {
            Time = at,
            NewId = Id(number),
            Binding = binding ?? $"b{number}",
            GrantId = "g",
            MayRequest = true,
            MaxPending = 100,
            PendingFor = Period,
            Terms = terms ?? new ApprovalTerms(1, Period),
            Content = content,
        };

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> AskAsync(InMemoryApprovalStore store)
    {
        var content = new byte[8];
        await store.AskAsync(Request(1, Start, content));
        return new WeakReference(content);
    }

    private async Task<ApprovalAnswerKind> AskAsync(int number, int bytes) =>
        (await _store.AskAsync(Request(number, Start, new byte[bytes]))).Kind;

    private async Task<ApprovalResolution> AnswerAsync(int number, bool isApproved) =>
        await _store.ResolveAsync(new ApprovalResolve { Time = Start, Id = Id(number), IsApproved = isApproved, By = "ann" });

    private async Task<StoredApproval?> FindAsync(int number, DateTimeOffset at) =>
        await _store.FindAsync(new ApprovalQuery(at, Id(number)));
}
