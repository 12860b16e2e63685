using PolicyLayer.Approvals;
using static PolicyLayer.Testing.Approvals.CaseApprovals;
using static PolicyLayer.Testing.Promises;

namespace PolicyLayer.Testing.Approvals;

/// <summary>What a refusal does to all else of its binding.</summary>
internal static class RefusalCases
{
    private const string EndsAll = "A refusal ends all else of its binding for good: no return brings an approval back.";
    private const string TakesSpent = "A spent approval takes a refusal as long as a use can come back.";

    public static void AddTo(ApprovalCaseList cases)
    {
        cases.Add("refusal_outlives_a_return", EndsAll, OutlivesReturn);
        cases.Add("refusal_ends_what_came_back", EndsAll, EndsWhatCameBack);
        cases.Add("refusal_ends_what_is_approved", EndsAll, EndsApproved);
        cases.Add("refusal_ends_what_is_pending", EndsAll, EndsPending);
        cases.Add("refusal_leaves_other_bindings", "A refusal changes nothing under another binding.", LeavesOthers);
        cases.Add("nothing_comes_back_after_a_refusal", EndsAll, NothingAfter, ApprovalStoreCapabilities.RequestTime);
        cases.Add("spent_takes_a_refusal", TakesSpent, SpentTakes);
        cases.Add("spent_takes_a_refusal_until_its_end", TakesSpent, SpentTakesUntil, ApprovalStoreCapabilities.RequestTime);
    }

    private static async Task OutlivesReturn(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await SpendFirstAsync(store).ConfigureAwait(false);
        await store.RequestAsync(Request(2), "A call after the approval was spent").ConfigureAwait(false);
        await store.RefuseAsync(IdOf(2)).ConfigureAwait(false);
        await store.ReturnAsync(IdOf(1)).ConfigureAwait(false);
        await store.RequireFoundAsync(Request(3), IdOf(2), ApprovalStatus.Refused, "A refused call after a return").ConfigureAwait(false);
        await store.RequireSpentAsync(false, IdOf(1), "What was given back after a refusal").ConfigureAwait(false);
        await store.RequireStatusAsync(ApprovalStatus.Spent, IdOf(1)).ConfigureAwait(false);
        foreach (ApprovalResolve answer in (ApprovalResolve[])[Approve(IdOf(1)), Refuse(IdOf(1))])
        {
            await store.RequireResolvedAsync(ApprovalResolution.Spent, answer, "An answer to what can't come back").ConfigureAwait(false);
        }
    }

    private static async Task EndsWhatCameBack(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await SpendFirstAsync(store).ConfigureAwait(false);
        await store.RequestAsync(Request(2), "A call after the approval was spent").ConfigureAwait(false);
        await store.ReturnAsync(IdOf(1)).ConfigureAwait(false);
        await store.RefuseAsync(IdOf(2)).ConfigureAwait(false);
        await RequireOverAsync(store, refused: 2, ended: 1).ConfigureAwait(false);
    }

    private static async Task EndsApproved(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await SpendFirstAsync(store).ConfigureAwait(false);
        await store.RequestAsync(Request(2, uses: 2), "A call after the approval was spent").ConfigureAwait(false);
        await store.ApproveAsync(IdOf(2)).ConfigureAwait(false);
        await store.RequireSpentAsync(true, IdOf(2), "What is approved").ConfigureAwait(false);
        await store.RefuseAsync(IdOf(1)).ConfigureAwait(false);
        await store.ReturnAsync(IdOf(2)).ConfigureAwait(false);
        await RequireOverAsync(store, refused: 1, ended: 2).ConfigureAwait(false);
    }

    private static async Task EndsPending(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await SpendFirstAsync(store).ConfigureAwait(false);
        await store.RequestAsync(Request(2), "A call after the approval was spent").ConfigureAwait(false);
        await store.RefuseAsync(IdOf(1)).ConfigureAwait(false);
        Require((await store.ListAsync().ConfigureAwait(false)).Count == 0, "A request whose call was refused is listed as pending.");
        await RequireOverAsync(store, refused: 1, ended: 2).ConfigureAwait(false);
        await store.RequestAsync(Request(4, "other", maxPending: 1), "A grant's first request after a refusal").ConfigureAwait(false);
    }

    private static async Task LeavesOthers(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await SpendFirstAsync(store).ConfigureAwait(false);
        await store.RequestAsync(Request(2, "approved")).ConfigureAwait(false);
        await store.ApproveAsync(IdOf(2)).ConfigureAwait(false);
        await store.RequestAsync(Request(3, "pending")).ConfigureAwait(false);
        await store.RequestAsync(Request(4, "refused")).ConfigureAwait(false);
        await store.RefuseAsync(IdOf(4)).ConfigureAwait(false);
        await store.RequireFoundAsync(Request(5, "approved"), IdOf(2), ApprovalStatus.Approved).ConfigureAwait(false);
        await store.RequireFoundAsync(Request(5, "pending"), IdOf(3), ApprovalStatus.Pending).ConfigureAwait(false);
        await store.ReturnAsync(IdOf(1)).ConfigureAwait(false);
        await store.RequireFoundAsync(Request(5), IdOf(1), ApprovalStatus.Approved, "A call after its use came back")
            .ConfigureAwait(false);
    }

    private static async Task NothingAfter(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await SpendFirstAsync(store).ConfigureAwait(false);
        await store.RequestAsync(Request(2, pendingFor: Minute), "A call after the approval was spent").ConfigureAwait(false);
        await store.RefuseAsync(IdOf(2)).ConfigureAwait(false);
        await store.ReturnAsync(IdOf(1), at: Minute).ConfigureAwait(false);
        await store.RequireSpentAsync(false, IdOf(1), "What was given back after a refusal's end", at: Minute).ConfigureAwait(false);
        await store.RequestAsync(Request(3, at: Minute), "A call after a refusal's end").ConfigureAwait(false);
    }

    private static async Task SpentTakes(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await SpendFirstAsync(store).ConfigureAwait(false);
        await store.RefuseAsync(IdOf(1), at: 10).ConfigureAwait(false);
        await store.ReturnAsync(IdOf(1), at: 10).ConfigureAwait(false);
        StoredApproval refusal = await store.RequireFoundAsync(
            Request(2, at: 10), IdOf(1), ApprovalStatus.Refused, "A call that was refused after it ran").ConfigureAwait(false);
        Require(refusal is { AnsweredBy: "bob", Reason: "not today" }, "It doesn't say who refused it and why.");
        Require(
            refusal.Until - refusal.Answered == TimeSpan.FromMilliseconds(Period), "It doesn't hold for as long as a request is pending.");
        await store.RequireSpentAsync(false, IdOf(1), "What was refused after it was spent", at: 10).ConfigureAwait(false);
    }

    private static async Task SpentTakesUntil(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await SpendFirstAsync(store).ConfigureAwait(false);
        await store.RequestAsync(Request(2, "other")).ConfigureAwait(false);
        await store.ApproveAsync(IdOf(2)).ConfigureAwait(false);
        await store.RequireSpentAsync(true, IdOf(2), "What is approved", "other").ConfigureAwait(false);
        await store.RefuseAsync(IdOf(1), at: Period - 1).ConfigureAwait(false);
        await store.RequireResolvedAsync(ApprovalResolution.Spent, Refuse(IdOf(2), Period), "A refusal of what is spent, after its time")
            .ConfigureAwait(false);
        await store.RequireFoundAsync(
            Request(3, at: (2 * Period) - 2), IdOf(1), ApprovalStatus.Refused, "A call in a refusal's last moment").ConfigureAwait(false);
        await store.RequestAsync(Request(3, at: (2 * Period) - 1), "A call after a refusal's end").ConfigureAwait(false);
    }

    private static async Task SpendFirstAsync(CaseApprovals store)
    {
        await store.RequestAsync(Request(1)).ConfigureAwait(false);
        await store.ApproveAsync(IdOf(1)).ConfigureAwait(false);
        await store.RequireSpentAsync(true, IdOf(1), "What is approved").ConfigureAwait(false);
    }

    private static async Task RequireOverAsync(CaseApprovals store, long refused, long ended)
    {
        await store.RequireFoundAsync(Request(9), IdOf(refused), ApprovalStatus.Refused, "A call that was refused").ConfigureAwait(false);
        foreach (ApprovalResolve answer in (ApprovalResolve[])[Approve(IdOf(ended)), Refuse(IdOf(ended))])
        {
            await store.RequireResolvedAsync(ApprovalResolution.Expired, answer, "An answer to what a refusal ended").ConfigureAwait(false);
        }

        await store.RequireSpentAsync(false, IdOf(ended), "What a refusal ended").ConfigureAwait(false);
        StoredApproval over = (await store.RequireStatusAsync(ApprovalStatus.Expired, IdOf(ended)).ConfigureAwait(false))!;
        Require(over.Content.IsEmpty, "What a refusal ended still has its content.");
        await store.RequireFoundAsync(Request(9), IdOf(refused), ApprovalStatus.Refused, "A call that was refused").ConfigureAwait(false);
    }
}
