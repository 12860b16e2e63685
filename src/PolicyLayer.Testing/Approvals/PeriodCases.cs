using PolicyLayer.Approvals;
using static PolicyLayer.Testing.Approvals.CaseApprovals;
using static PolicyLayer.Testing.Promises;

namespace PolicyLayer.Testing.Approvals;

/// <summary>When requests, approvals and refusals begin and end.</summary>
internal static class PeriodCases
{
    private const string Promise = "A time is in a period from its first moment to just before its last.";

    public static void AddTo(ApprovalCaseList cases)
    {
        const ApprovalStoreCapabilities Needs = ApprovalStoreCapabilities.RequestTime;
        cases.Add("a_request_ends", Promise, RequestEnds, Needs);
        cases.Add("an_approval_ends", Promise, ApprovalEnds, Needs);
        cases.Add("an_approval_begins_with_its_answer", Promise, FromTheAnswer, Needs);
        cases.Add("a_refusal_ends", Promise, RefusalEnds, Needs);
        cases.Add("a_refusal_of_what_was_approved_ends", Promise, RevocationEnds, Needs);
        cases.Add("a_use_comes_back_until_the_end", "A use is given back while the approval is in force.", Returned, Needs);
    }

    private static async Task RequestEnds(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await store.RequestAsync(Request(1, pendingFor: Minute)).ConfigureAwait(false);
        await store.RequireFoundAsync(Request(2, at: Minute - 1), IdOf(1), ApprovalStatus.Pending).ConfigureAwait(false);
        await store.RequireStatusAsync(ApprovalStatus.Pending, IdOf(1), Minute - 1).ConfigureAwait(false);
        Require((await store.ListAsync(at: Minute - 1).ConfigureAwait(false)).Count == 1, "What is pending isn't listed.");
        Require((await store.ListAsync(at: Minute).ConfigureAwait(false)).Count == 0, "What has expired is listed.");
        await store.RequireStatusAsync(ApprovalStatus.Expired, IdOf(1), Minute).ConfigureAwait(false);
        await store.RequireResolvedAsync(
            ApprovalResolution.Expired, Approve(IdOf(1), Minute), "An approval of what has expired").ConfigureAwait(false);
        await store.RequireResolvedAsync(
            ApprovalResolution.Expired, Refuse(IdOf(1), Minute), "A refusal of what has expired").ConfigureAwait(false);
        await store.RequireSpentAsync(false, IdOf(1), "What has expired", at: Minute).ConfigureAwait(false);
        await store.RequestAsync(Request(2, at: Minute), "A call after its request expired").ConfigureAwait(false);
        await store.RequestAsync(Request(3, "last moment", at: Minute, pendingFor: Minute)).ConfigureAwait(false);
        await store.ApproveAsync(IdOf(3), (2 * Minute) - 1).ConfigureAwait(false);
        await store.RequireSpentAsync(true, IdOf(3), "What was approved in the last moment", "last moment", 2 * Minute)
            .ConfigureAwait(false);
    }

    private static async Task ApprovalEnds(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await store.RequestAsync(Request(1, uses: 3, validFor: Minute, pendingFor: Hour)).ConfigureAwait(false);
        await store.ApproveAsync(IdOf(1)).ConfigureAwait(false);
        await store.RequireSpentAsync(true, IdOf(1), "An approval in its first moment").ConfigureAwait(false);
        await store.RequireFoundAsync(Request(2, at: Minute - 1), IdOf(1), ApprovalStatus.Approved).ConfigureAwait(false);
        await store.RequireSpentAsync(true, IdOf(1), "An approval in its last moment", at: Minute - 1).ConfigureAwait(false);
        await store.RequireSpentAsync(false, IdOf(1), "An approval after its end", at: Minute).ConfigureAwait(false);
        await store.RequireStatusAsync(ApprovalStatus.Expired, IdOf(1), Minute).ConfigureAwait(false);
        await store.RequireResolvedAsync(
            ApprovalResolution.Expired, Refuse(IdOf(1), Minute), "A refusal of what has expired").ConfigureAwait(false);
        await store.RequestAsync(Request(2, at: Minute), "A call after its approval expired").ConfigureAwait(false);
    }

    private static async Task FromTheAnswer(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await store.RequestAsync(Request(1, uses: 2, validFor: Minute, pendingFor: Hour)).ConfigureAwait(false);
        await store.ApproveAsync(IdOf(1), Hour - 1).ConfigureAwait(false);
        await store.RequireSpentAsync(true, IdOf(1), "An approval after its request would have ended", at: Hour + Second)
            .ConfigureAwait(false);
        await store.RequireSpentAsync(true, IdOf(1), "An approval in its last moment", at: Hour + Minute - 2).ConfigureAwait(false);
        await store.RequestAsync(Request(2, "narrowed", at: Hour, uses: 2, validFor: Hour)).ConfigureAwait(false);
        await store.ApproveAsync(IdOf(2), Hour, validFor: Second).ConfigureAwait(false);
        await store.RequireSpentAsync(true, IdOf(2), "A narrowed approval in its last moment", "narrowed", Hour + Second - 1)
            .ConfigureAwait(false);
        await store.RequireSpentAsync(false, IdOf(2), "A narrowed approval after its end", "narrowed", Hour + Second).ConfigureAwait(false);
    }

    private static async Task RefusalEnds(ApprovalStores stores)
    {
        const long At = Minute / 2;
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await store.RequestAsync(Request(1, pendingFor: Minute)).ConfigureAwait(false);
        await store.RefuseAsync(IdOf(1), At).ConfigureAwait(false);
        await store.RequireFoundAsync(
            Request(2, at: At + Minute - 1), IdOf(1), ApprovalStatus.Refused, "A call in a refusal's last moment").ConfigureAwait(false);
        await store.RequestAsync(Request(2, at: At + Minute), "A call after its refusal ended").ConfigureAwait(false);
    }

    private static async Task RevocationEnds(ApprovalStores stores)
    {
        const long At = 9 * Minute;
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await store.RequestAsync(Request(1, pendingFor: 3 * Minute, validFor: Hour)).ConfigureAwait(false);
        await store.ApproveAsync(IdOf(1), Minute).ConfigureAwait(false);
        await store.RefuseAsync(IdOf(1), At).ConfigureAwait(false);
        await store.RequireFoundAsync(
            Request(2, at: At + (3 * Minute) - 1), IdOf(1), ApprovalStatus.Refused, "A call in a refusal's last moment")
            .ConfigureAwait(false);
        await store.RequestAsync(Request(2, at: At + (3 * Minute)), "A call after its refusal ended").ConfigureAwait(false);
    }

    private static async Task Returned(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await store.RequestAsync(Request(1, validFor: Minute)).ConfigureAwait(false);
        await store.ApproveAsync(IdOf(1)).ConfigureAwait(false);
        await store.RequireSpentAsync(true, IdOf(1), "What is approved").ConfigureAwait(false);
        await store.ReturnAsync(IdOf(1), at: Minute - 1).ConfigureAwait(false);
        await store.RequireSpentAsync(true, IdOf(1), "What came back in the last moment", at: Minute - 1).ConfigureAwait(false);
        await store.ReturnAsync(IdOf(1), at: Minute).ConfigureAwait(false);
        await store.RequireSpentAsync(false, IdOf(1), "What came back after the end", at: Minute).ConfigureAwait(false);
        await store.RequestAsync(Request(2, at: Minute), "A call after its approval ended").ConfigureAwait(false);
    }
}
