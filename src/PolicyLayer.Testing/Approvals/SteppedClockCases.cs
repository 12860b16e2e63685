using PolicyLayer.Approvals;
using static PolicyLayer.Testing.Approvals.CaseApprovals;
using static PolicyLayer.Testing.Promises;

namespace PolicyLayer.Testing.Approvals;

/// <summary>A clock that steps back.</summary>
internal static class SteppedClockCases
{
    private const string OpensNothing = "A clock that steps back opens nothing.";
    private const long TenYears = 10 * 8_766 * Hour;

    /// <summary>The first time before a moment at which it hasn't come, whatever clocks differ by.</summary>
    private const long Before = -Minute - 1;

    public static void AddTo(ApprovalCaseList cases)
    {
        const ApprovalStoreCapabilities Needs = ApprovalStoreCapabilities.RequestTime;
        cases.Add("a_request_before_its_time", OpensNothing, RequestBefore, Needs);
        cases.Add("an_approval_before_its_time", OpensNothing, ApprovalBefore, Needs);
        cases.Add("what_has_expired_stays_so", OpensNothing, StaysEnded, Needs);
        cases.Add("a_refusal_holds_before_its_time", "A refusal holds before its time, too.", RefusalBefore, Needs);
        cases.Add("clocks_may_differ_a_little", "A clock that is up to a minute behind finds what another one made.", Differ, Needs);
    }

    private static async Task RequestBefore(ApprovalStores stores)
    {
        foreach (long back in (long[])[-Before, Hour, TenYears])
        {
            CaseApprovals store = await OpenAnewAsync(stores).ConfigureAwait(false);
            string binding = $"pending {back}";
            await store.RequestAsync(Request(back, binding)).ConfigureAwait(false);
            Require(
                (await store.ListAsync(at: -back).ConfigureAwait(false)).All(each => each.Id != IdOf(back)),
                "A request is listed before its time.");
            ApprovalResolution answer = await store.ResolveAsync(Approve(IdOf(back), -back)).ConfigureAwait(false);
            Require(
                answer is ApprovalResolution.Expired or ApprovalResolution.Unknown,
                $"An approval of a request before its time is {answer}.");
            await store.RequireSpentAsync(false, IdOf(back), "A request before its time", binding, -back).ConfigureAwait(false);
            await store.RequestAsync(Request(back + 1, binding, at: -back), "A call before the time of an earlier request")
                .ConfigureAwait(false);
        }
    }

    private static async Task ApprovalBefore(ApprovalStores stores)
    {
        foreach (long back in (long[])[-Before, Hour, TenYears])
        {
            CaseApprovals store = await OpenAnewAsync(stores).ConfigureAwait(false);
            string binding = $"approved {back}";
            await store.RequestAsync(Request(back, binding, at: -back, uses: 9, pendingFor: back + Hour)).ConfigureAwait(false);
            await store.ApproveAsync(IdOf(back)).ConfigureAwait(false);
            await store.RequireSpentAsync(true, IdOf(back), "What is approved", binding).ConfigureAwait(false);
            await store.RequireSpentAsync(false, IdOf(back), "An approval before its time", binding, -back).ConfigureAwait(false);
            await store.ReturnAsync(IdOf(back), binding, -back).ConfigureAwait(false);
            await store.RequestAsync(Request(back + 1, binding, at: -back), "A call before the time of an approval").ConfigureAwait(false);
            int spent = 1;
            while (spent < 20 && await store.SpendAsync(IdOf(back), binding).ConfigureAwait(false))
            {
                spent++;
            }

            Require(spent <= 9, $"{spent} calls spent an approval of 9, back and forth.");
        }
    }

    /// <summary>Whoever asked was told that it has ended, so it has.</summary>
    private static async Task StaysEnded(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await store.RequestAsync(Request(1, pendingFor: Hour)).ConfigureAwait(false);
        await store.RequireStatusAsync(ApprovalStatus.Expired, IdOf(1), Hour).ConfigureAwait(false);
        await store.RequireResolvedAsync(
            ApprovalResolution.Expired, Approve(IdOf(1), Hour - Second), "An approval of what had expired").ConfigureAwait(false);
        await store.RequestAsync(Request(2, at: Hour - Second), "A call after its request had expired").ConfigureAwait(false);
        await store.RequestAsync(Request(3, "approved", at: Hour)).ConfigureAwait(false);
        await store.ApproveAsync(IdOf(3), Hour).ConfigureAwait(false);
        await store.RequireSpentAsync(false, IdOf(3), "An approval after its end", "approved", Hour + Period).ConfigureAwait(false);
        await store.RequireSpentAsync(false, IdOf(3), "An approval that had ended", "approved", Hour + Second).ConfigureAwait(false);
        await store.RequireStatusAsync(ApprovalStatus.Expired, IdOf(3), Hour + Second).ConfigureAwait(false);
        await store.RequestAsync(Request(4, "approved", at: Hour + Second), "A call after its approval had ended").ConfigureAwait(false);
    }

    private static async Task RefusalBefore(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await store.RequestAsync(Request(1)).ConfigureAwait(false);
        await store.RefuseAsync(IdOf(1)).ConfigureAwait(false);
        foreach (long back in (long[])[1, Minute, -Before, Hour, TenYears])
        {
            await store.RequireFoundAsync(
                Request(back + 1, at: -back), IdOf(1), ApprovalStatus.Refused, "A call before the time of its refusal")
                .ConfigureAwait(false);
        }
    }

    private static async Task Differ(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await store.RequestAsync(Request(1)).ConfigureAwait(false);
        await store.RequireFoundAsync(Request(2, at: -Minute), IdOf(1), ApprovalStatus.Pending, "A call a minute before its request")
            .ConfigureAwait(false);
        await store.ApproveAsync(IdOf(1)).ConfigureAwait(false);
        await store.RequireFoundAsync(Request(2, at: -Minute), IdOf(1), ApprovalStatus.Approved, "A call a minute before its approval")
            .ConfigureAwait(false);
        await store.RequireSpentAsync(true, IdOf(1), "An approval a minute before its time", at: -Minute).ConfigureAwait(false);
        await store.ReturnAsync(IdOf(1), at: -Minute).ConfigureAwait(false);
        await store.RequireStatusAsync(ApprovalStatus.Approved, IdOf(1), usesLeft: 1).ConfigureAwait(false);
    }

    private static async Task<CaseApprovals> OpenAnewAsync(ApprovalStores stores)
    {
        await stores.CloseAsync().ConfigureAwait(false);
        return await stores.OpenAsync().ConfigureAwait(false);
    }
}
