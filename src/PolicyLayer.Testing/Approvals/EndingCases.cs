using PolicyLayer.Approvals;
using static PolicyLayer.Testing.Approvals.CaseApprovals;
using static PolicyLayer.Testing.Promises;

namespace PolicyLayer.Testing.Approvals;

/// <summary>What is left of an approval that has ended.</summary>
internal static class EndingCases
{
    private const string Erased = "The content is kept until the approval ends, and then erased.";
    private const string Remembered = "How an approval ended is remembered for an hour after its end, and then unknown.";
    private const long TenYears = 10 * 8_766 * Hour;

    public static void AddTo(ApprovalCaseList cases)
    {
        const ApprovalStoreCapabilities Needs = ApprovalStoreCapabilities.RequestTime;
        cases.Add("contents_go_with_the_answer", Erased, ContentsGo);
        cases.Add("contents_go_with_the_time", Erased, ContentsExpire, Needs);
        cases.Add("ends_are_remembered_for_an_hour", Remembered, ForAnHour, Needs);
        cases.Add("ends_are_forgotten_by_a_clock_that_stepped_back", Remembered, ForgottenBehind, Needs);
    }

    private static async Task ContentsGo(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await store.RequestAsync(Request(1, uses: 2)).ConfigureAwait(false);
        await store.ApproveAsync(IdOf(1)).ConfigureAwait(false);
        await store.RequireSpentAsync(true, IdOf(1), "The first of two uses").ConfigureAwait(false);
        StoredApproval left = (await store.RequireStatusAsync(ApprovalStatus.Approved, IdOf(1)).ConfigureAwait(false))!;
        Require(left.Content.Span.SequenceEqual(ContentOf(1)), "The content is gone before the end.");
        await store.RequireSpentAsync(true, IdOf(1), "The second of two uses").ConfigureAwait(false);
        await store.RequestAsync(Request(2, "refused")).ConfigureAwait(false);
        await store.RefuseAsync(IdOf(2)).ConfigureAwait(false);
        await store.RequestAsync(Request(3, "refused later")).ConfigureAwait(false);
        await store.ApproveAsync(IdOf(3)).ConfigureAwait(false);
        await store.RefuseAsync(IdOf(3)).ConfigureAwait(false);
        await store.RequireFoundAsync(Request(4, "refused later"), IdOf(3), ApprovalStatus.Refused).ConfigureAwait(false);
        foreach (long number in (long[])[1, 2, 3])
        {
            Require((await store.FindAsync(IdOf(number)).ConfigureAwait(false))!.Content.IsEmpty, "What has ended has its content.");
        }
    }

    private static async Task ContentsExpire(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await store.RequestAsync(Request(1)).ConfigureAwait(false);
        await store.RequestAsync(Request(2, "approved", uses: 2)).ConfigureAwait(false);
        await store.ApproveAsync(IdOf(2)).ConfigureAwait(false);
        foreach (long number in (long[])[1, 2])
        {
            StoredApproval last = (await store.FindAsync(IdOf(number), Period - 1).ConfigureAwait(false))!;
            Require(last.Content.Span.SequenceEqual(ContentOf(number)), "The content is gone before the end.");
        }

        foreach (long number in (long[])[1, 2])
        {
            StoredApproval ended = (await store.RequireStatusAsync(ApprovalStatus.Expired, IdOf(number), Period).ConfigureAwait(false))!;
            Require(ended.Content.IsEmpty, "What has expired has its content.");

            // Not even the clock brings it back.
            StoredApproval? again = await store.FindAsync(IdOf(number), Period - Second).ConfigureAwait(false);
            Require(again is null || again.Content.IsEmpty, "What had expired has its content again.");
        }
    }

    private static async Task ForAnHour(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await store.RequestAsync(Request(1)).ConfigureAwait(false);
        await store.RequestAsync(Request(2, "spent")).ConfigureAwait(false);
        await store.ApproveAsync(IdOf(2)).ConfigureAwait(false);
        await store.RequireSpentAsync(true, IdOf(2), "What is approved", "spent").ConfigureAwait(false);
        await store.RequestAsync(Request(3, "refused")).ConfigureAwait(false);
        await store.RefuseAsync(IdOf(3)).ConfigureAwait(false);
        await store.RequestAsync(Request(4, "expired", uses: 2)).ConfigureAwait(false);
        await store.ApproveAsync(IdOf(4)).ConfigureAwait(false);
        (long Number, ApprovalStatus Status, ApprovalResolution Answer, long RememberedUntil)[] ended =
        [
            (1, ApprovalStatus.Expired, ApprovalResolution.Expired, Period + Hour),
            (2, ApprovalStatus.Spent, ApprovalResolution.Spent, Hour),
            (3, ApprovalStatus.Refused, ApprovalResolution.Refused, Hour),
            (4, ApprovalStatus.Expired, ApprovalResolution.Expired, Period + Hour),
        ];
        foreach ((long number, ApprovalStatus status, ApprovalResolution answer, long until) in ended.OrderBy(each => each.RememberedUntil))
        {
            await store.RequireStatusAsync(status, IdOf(number), until - 1).ConfigureAwait(false);
            await store.RequireResolvedAsync(answer, Approve(IdOf(number), until - 1), "An answer to what has ended").ConfigureAwait(false);
        }

        // One that is spent or refused may count as ended only when its time is over.
        const long Unknown = Period + Hour + 1;
        foreach ((long number, _, _, _) in ended)
        {
            await store.RequireStatusAsync(ApprovalStatus.Unknown, IdOf(number), Unknown).ConfigureAwait(false);
            await store.RequireResolvedAsync(
                ApprovalResolution.Unknown, Approve(IdOf(number), Unknown), "An answer to what is forgotten").ConfigureAwait(false);
        }
    }

    private static async Task ForgottenBehind(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await store.RequestAsync(Request(1)).ConfigureAwait(false);
        await store.RequestAsync(Request(2, "approved", uses: 2)).ConfigureAwait(false);
        await store.ApproveAsync(IdOf(2)).ConfigureAwait(false);
        await store.RequestAsync(Request(3, "spent")).ConfigureAwait(false);
        await store.ApproveAsync(IdOf(3)).ConfigureAwait(false);
        await store.RequireSpentAsync(true, IdOf(3), "What is approved", "spent").ConfigureAwait(false);
        await store.RequestAsync(Request(4, "expired", pendingFor: 1)).ConfigureAwait(false);
        await store.RequireStatusAsync(ApprovalStatus.Expired, IdOf(4), at: 1).ConfigureAwait(false);
        for (long at = -TenYears; at <= -TenYears + Period + Hour; at += Minute)
        {
            await store.RequireAnswerAsync(ApprovalAnswerKind.Nothing, Request(9, "other", at: at, mayRequest: false), "A call of nothing")
                .ConfigureAwait(false);
        }

        foreach (long number in (long[])[1, 2, 3, 4])
        {
            await store.RequireStatusAsync(
                ApprovalStatus.Unknown, IdOf(number), -TenYears + Period + Hour + 1, what: "What was ahead of a clock that stepped back")
                .ConfigureAwait(false);
        }
    }
}
