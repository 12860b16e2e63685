using System.Runtime.CompilerServices;
using PolicyLayer.Approvals;

namespace PolicyLayer.Tests.Approvals;

/// <summary>What the store in memory does beside the contract: its bounds, and what it keeps.</summary>
public sealed class InMemoryApprovalStoreTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(10);

    private readonly InMemoryApprovalStore _store =
        new(new InMemoryApprovalStoreOptions { MaxContentBytes = 10, MaxContentBytesPerGrant = 10 });

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
    public async Task What_has_ended_makes_room_the_oldest_first()
    {
        var store = new InMemoryApprovalStore(new InMemoryApprovalStoreOptions { MaxApprovals = 3, MaxApprovalsPerGrant = 3 });
        await store.AskAsync(Request(1, Start, grantId: "g"));
        await store.AskAsync(Request(2, Start.AddSeconds(1), grantId: "h"));
        await store.AskAsync(Request(3, Start.AddSeconds(2), grantId: "h"));
        DateTimeOffset second = Start.AddSeconds(1) + Period;

        Assert.Equal(ApprovalAnswerKind.TooMany, (await store.AskAsync(Request(4, Start.AddSeconds(3), grantId: "i"))).Kind);
        Assert.Equal(ApprovalAnswerKind.Requested, (await store.AskAsync(Request(4, second, grantId: "i"))).Kind);
        Assert.Equal(["Unknown", "Expired", "Pending", "Pending"], await StatusesAsync(store, second, 4));
        Assert.Equal(ApprovalAnswerKind.Requested, (await store.AskAsync(Request(5, second, grantId: "i"))).Kind);
        Assert.Equal(ApprovalAnswerKind.TooMany, (await store.AskAsync(Request(6, second, grantId: "i"))).Kind);
        Assert.Equal(["Unknown", "Unknown", "Pending", "Pending", "Pending"], await StatusesAsync(store, second, 5));
        Assert.Equal(3, store.Count);
    }

    [Fact]
    public async Task A_grant_takes_no_more_than_its_share()
    {
        var store = new InMemoryApprovalStore(new InMemoryApprovalStoreOptions { MaxApprovals = 4, MaxApprovalsPerGrant = 2 });
        await store.AskAsync(Request(1, Start, grantId: "other"));
        await store.AskAsync(Request(2, Start.AddSeconds(1)));
        await store.AskAsync(Request(3, Start.AddSeconds(2)));
        DateTimeOffset second = Start.AddSeconds(1) + Period;

        Assert.Equal(ApprovalAnswerKind.TooMany, (await store.AskAsync(Request(4, Start.AddSeconds(2)))).Kind);
        Assert.Equal(ApprovalAnswerKind.Requested, (await store.AskAsync(Request(4, second))).Kind);
        Assert.Equal(["Expired", "Unknown", "Pending", "Pending"], await StatusesAsync(store, second, 4));
        Assert.Equal(ApprovalAnswerKind.TooMany, (await store.AskAsync(Request(5, second))).Kind);
        Assert.Equal(ApprovalAnswerKind.Requested, (await store.AskAsync(Request(5, second, grantId: "other"))).Kind);
    }

    [Fact]
    public async Task A_refusal_in_force_and_a_use_that_may_come_back_make_no_room()
    {
        var store = new InMemoryApprovalStore(new InMemoryApprovalStoreOptions { MaxApprovals = 2, MaxApprovalsPerGrant = 2 });
        await store.AskAsync(Request(1, Start));
        await store.AskAsync(Request(2, Start));
        await store.ResolveAsync(new ApprovalResolve { Time = Start, Id = Id(1), IsApproved = false, By = "ann" });
        await store.ResolveAsync(new ApprovalResolve { Time = Start, Id = Id(2), IsApproved = true, By = "ann" });
        await store.SpendAsync(new ApprovalUse(Start, Id(2), "b2", "b2"));

        Assert.Equal(ApprovalAnswerKind.TooMany, (await store.AskAsync(Request(3, Start))).Kind);
        Assert.Equal(["Refused", "Spent"], await StatusesAsync(store, Start, 2));
    }

    [Fact]
    public async Task A_grant_has_no_more_than_its_share_of_the_contents()
    {
        var store = new InMemoryApprovalStore(new InMemoryApprovalStoreOptions { MaxContentBytes = 10, MaxContentBytesPerGrant = 6 });
        Assert.Equal(ApprovalAnswerKind.TooMany, (await store.AskAsync(Request(1, Start, new byte[7]))).Kind);
        Assert.Equal(ApprovalAnswerKind.Requested, (await store.AskAsync(Request(1, Start, new byte[4]))).Kind);
        Assert.Equal(ApprovalAnswerKind.TooMany, (await store.AskAsync(Request(2, Start, new byte[3]))).Kind);
        Assert.Equal(ApprovalAnswerKind.Requested, (await store.AskAsync(Request(2, Start, new byte[2]))).Kind);
        Assert.Equal(ApprovalAnswerKind.TooMany, (await store.AskAsync(Request(3, Start, new byte[5], grantId: "other"))).Kind);
        Assert.Equal(ApprovalAnswerKind.Requested, (await store.AskAsync(Request(3, Start, new byte[4], grantId: "other"))).Kind);
        Assert.Equal(10, store.ContentBytes);
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
        await _store.SpendAsync(new ApprovalUse(Start, Id(3), "b3", "b3"));
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

        Assert.True(await _store.SpendAsync(new ApprovalUse(Start, Id(2), "b2", "b2")));
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
        Assert.Throws<ArgumentOutOfRangeException>(() => new InMemoryApprovalStore(new() { MaxApprovalsPerGrant = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new InMemoryApprovalStore(new() { MaxContentBytesPerGrant = 0 }));
    }

    [Fact]
    public void A_share_is_not_above_the_total()
    {
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new InMemoryApprovalStore(new() { MaxApprovals = 5, MaxApprovalsPerGrant = 6 }));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new InMemoryApprovalStore(new() { MaxContentBytes = 5, MaxContentBytesPerGrant = 6 }));
        _ = new InMemoryApprovalStore(
            new() { MaxApprovals = 5, MaxApprovalsPerGrant = 5, MaxContentBytes = 5, MaxContentBytesPerGrant = 5 });
    }

    private static string Id(int number) => $"{number:x32}";

    private static ApprovalRequest Request(
        int number,
        DateTimeOffset at,
        ReadOnlyMemory<byte> content = default,
        ApprovalTerms? terms = null,
        string? binding = null,
        string grantId = "g") => new()
        {
            Time = at,
            NewId = Id(number),
            Binding = binding ?? $"b{number}",
            ExactBinding = binding ?? $"b{number}",
            GrantId = grantId,
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

    /// <summary>How those with the first numbers stand.</summary>
    private static async Task<string[]> StatusesAsync(InMemoryApprovalStore store, DateTimeOffset at, int count)
    {
        var statuses = new string[count];
        for (int i = 0; i < count; i++)
        {
            statuses[i] = ((await store.FindAsync(new ApprovalQuery(at, Id(i + 1))))?.Status ?? ApprovalStatus.Unknown).ToString();
        }

        return statuses;
    }

    private async Task<ApprovalAnswerKind> AskAsync(int number, int bytes) =>
        (await _store.AskAsync(Request(number, Start, new byte[bytes]))).Kind;

    private async Task<ApprovalResolution> AnswerAsync(int number, bool isApproved) =>
        await _store.ResolveAsync(new ApprovalResolve { Time = Start, Id = Id(number), IsApproved = isApproved, By = "ann" });

    private async Task<StoredApproval?> FindAsync(int number, DateTimeOffset at) =>
        await _store.FindAsync(new ApprovalQuery(at, Id(number)));
}
