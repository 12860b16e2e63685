using PolicyLayer.Approvals;
using static PolicyLayer.Testing.Approvals.CaseApprovals;
using static PolicyLayer.Testing.Promises;

namespace PolicyLayer.Testing.Approvals;

/// <summary>What a refusal does to all else of its binding.</summary>
internal static class RefusalCases
{
    private const string EndsAll = "A refusal refuses all else of its binding, and ends it for good: no return brings an approval back.";
    private const string Remembered = "What a refusal refuses besides ends there and then, and is remembered for an hour.";
    private const string TakesSpent = "A spent approval takes a refusal as long as a use can come back.";

    public static void AddTo(ApprovalCaseList cases)
    {
        const ApprovalStoreCapabilities Needs = ApprovalStoreCapabilities.RequestTime;
        cases.Add("refusal_outlives_a_return", EndsAll, OutlivesReturn);
        cases.Add("refusal_ends_what_came_back", EndsAll, EndsWhatCameBack);
        cases.Add("refusal_ends_what_is_approved", EndsAll, EndsApproved);
        cases.Add("refusal_ends_what_is_pending", EndsAll, EndsPending);
        cases.Add("refusal_refuses_the_same_way", "A refusal says of all that it refuses who refused it, when and why.", RefusesAlike);
        cases.Add("refusal_is_in_force_once", "Of all that a refusal refuses the one that was answered is in force.", InForceOnce, Needs);
        cases.Add("refused_besides_is_remembered", Remembered, RememberedBesides, Needs);
        cases.Add("refusal_leaves_what_has_ended", "What had ended before a refusal stays as it was.", LeavesEnded, Needs);
        cases.Add("refusal_leaves_other_bindings", "A refusal changes nothing under another binding.", LeavesOthers);
        cases.Add("nothing_comes_back_after_a_refusal", EndsAll, NothingAfter, Needs);
        cases.Add("spent_takes_a_refusal", TakesSpent, SpentTakes);
        cases.Add("spent_takes_a_refusal_until_its_end", TakesSpent, SpentTakesUntil, Needs);
    }

    private static async Task OutlivesReturn(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await SpendFirstAsync(store).ConfigureAwait(false);
        await store.RequestAsync(Request(2), "A call after the approval was spent").ConfigureAwait(false);
        await store.RefuseAsync(IdOf(2)).ConfigureAwait(false);
        await store.ReturnAsync(IdOf(1)).ConfigureAwait(false);
        await store.RequireFoundAsync(Request(3), IdOf(2), ApprovalStatus.Refused, "A refused call after a return").ConfigureAwait(false);
        await RequireOverAsync(store, refused: 2, ended: 1).ConfigureAwait(false);
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

    private static async Task RefusesAlike(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await RefuseFourthOfAllAsync(store, at: 10).ConfigureAwait(false);
        StoredApproval refusal = await store.RequireFoundAsync(Request(9, at: 10), IdOf(4), ApprovalStatus.Refused).ConfigureAwait(false);
        for (int i = 1; i <= 4; i++)
        {
            StoredApproval refused =
                (await store.RequireStatusAsync(ApprovalStatus.Refused, IdOf(i), at: 10, usesLeft: 0).ConfigureAwait(false))!;
            Require(refused is { AnsweredBy: "bob", Reason: "not today" }, "It doesn't say who refused it and why.");
            Require(refused.Answered == refusal.Answered, "It doesn't say when it was refused.");
            Require(i == 4 || refused.Until == refusal.Answered, "What was refused besides doesn't say that it ended there and then.");
        }
    }

    private static async Task InForceOnce(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await RefuseFourthOfAllAsync(store).ConfigureAwait(false);
        foreach (long at in (long[])[-Hour, 0, Minute - 1])
        {
            ApprovalRequest request = Request(9, at: at);
            await store.RequireFoundAsync(request, IdOf(4), ApprovalStatus.Refused, "A call that was refused").ConfigureAwait(false);
        }

        await store.RequestAsync(Request(9, at: Minute), "A call after a refusal's end").ConfigureAwait(false);
    }

    private static async Task RememberedBesides(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await RefuseFourthOfAllAsync(store).ConfigureAwait(false);
        for (int i = 1; i <= 3; i++)
        {
            // The refusal itself has ended since.
            await store.RequireStatusAsync(ApprovalStatus.Refused, IdOf(i), Hour - 1).ConfigureAwait(false);
        }

        for (int i = 1; i <= 3; i++)
        {
            await store.RequireStatusAsync(ApprovalStatus.Unknown, IdOf(i), Hour + 1).ConfigureAwait(false);
        }
    }

    private static async Task LeavesEnded(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await SpendFirstAsync(store).ConfigureAwait(false);
        await store.RequestAsync(Request(2, uses: 2)).ConfigureAwait(false);
        await store.ApproveAsync(IdOf(2)).ConfigureAwait(false);
        await store.RequestAsync(Request(3, at: Period), "A call after an approval's end").ConfigureAwait(false);
        await store.RequestAsync(Request(4, at: 2 * Period), "A call after a request's end").ConfigureAwait(false);
        await store.RefuseAsync(IdOf(4), at: 2 * Period).ConfigureAwait(false);
        StoredApproval spent =
            (await store.RequireStatusAsync(ApprovalStatus.Spent, IdOf(1), at: 2 * Period).ConfigureAwait(false))!;
        StoredApproval approved =
            (await store.RequireStatusAsync(ApprovalStatus.Expired, IdOf(2), at: 2 * Period).ConfigureAwait(false))!;
        StoredApproval pending =
            (await store.RequireStatusAsync(ApprovalStatus.Expired, IdOf(3), at: 2 * Period).ConfigureAwait(false))!;
        Require(
            spent.AnsweredBy == "ann" && approved.AnsweredBy == "ann" && pending.AnsweredBy is null,
            "What had ended before a refusal is said to have been answered by who refused.");
        await store.RequireResolvedAsync(
            ApprovalResolution.Spent, Refuse(IdOf(1), 2 * Period), "A refusal of what had ended spent").ConfigureAwait(false);
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

    /// <summary>The first is spent, the second and the third are approved, the fourth is pending and then refused, for a minute.</summary>
    private static async Task RefuseFourthOfAllAsync(CaseApprovals store, long at = 0)
    {
        await SpendFirstAsync(store).ConfigureAwait(false);
        foreach (long number in (long[])[2, 3])
        {
            string exact = number == 2 ? "two" : "three";
            await store.RequestAsync(Request(number, uses: 2, exact: exact), "A call that nothing covers as yet").ConfigureAwait(false);
            await store.ApproveAsync(IdOf(number), isExact: true).ConfigureAwait(false);
        }

        await store.RequireSpentAsync(true, IdOf(3), "What is approved", exact: "three").ConfigureAwait(false);
        await store.RequestAsync(Request(4, pendingFor: Minute), "A call that nothing covers any more").ConfigureAwait(false);
        await store.RefuseAsync(IdOf(4), at).ConfigureAwait(false);
    }

    private static async Task RequireOverAsync(CaseApprovals store, long refused, long ended)
    {
        await store.RequireFoundAsync(Request(9), IdOf(refused), ApprovalStatus.Refused, "A call that was refused").ConfigureAwait(false);
        foreach (ApprovalResolve answer in (ApprovalResolve[])[Approve(IdOf(ended)), Refuse(IdOf(ended))])
        {
            await store.RequireResolvedAsync(ApprovalResolution.Refused, answer, "An answer to what a refusal ended").ConfigureAwait(false);
        }

        await store.RequireSpentAsync(false, IdOf(ended), "What a refusal ended").ConfigureAwait(false);
        StoredApproval over = (await store.RequireStatusAsync(ApprovalStatus.Refused, IdOf(ended)).ConfigureAwait(false))!;
        Require(over.Content.IsEmpty, "What a refusal ended still has its content.");
        await store.RequireFoundAsync(Request(9), IdOf(refused), ApprovalStatus.Refused, "A call that was refused").ConfigureAwait(false);
    }
}
