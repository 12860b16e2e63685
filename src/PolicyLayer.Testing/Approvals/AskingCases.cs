using PolicyLayer.Approvals;
using static PolicyLayer.Testing.Approvals.CaseApprovals;
using static PolicyLayer.Testing.Promises;

namespace PolicyLayer.Testing.Approvals;

/// <summary>What a call is answered, and what is requested for it.</summary>
internal static class AskingCases
{
    public static void AddTo(ApprovalCaseList cases)
    {
        cases.Add("a_request_is_kept_as_it_was_made", "A request is pending, and found with all that was asked for.", Kept);
        cases.Add(
            "one_request_for_one_binding", "While a request is pending, whoever asks for its binding gets its id.", OneRequest);
        cases.Add("nothing_is_requested_unasked", "Where no request is wanted, none is made.", Unasked);
        cases.Add(
            "answers_in_their_order",
            "A call is answered with a refusal, else with an approval that has uses left, else with a pending request.",
            InOrder);
        cases.Add(
            "cancelled_beforehand", "A token that is cancelled beforehand changes nothing, and throws.", Cancelled);
    }

    private static async Task Kept(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        ApprovalRequest request = Request(1, at: 5, uses: 7, validFor: Hour);
        StoredApproval made = await store.RequestAsync(request).ConfigureAwait(false);
        StoredApproval? found = await store.RequireStatusAsync(ApprovalStatus.Pending, IdOf(1), at: 6, usesLeft: 7).ConfigureAwait(false);
        foreach (StoredApproval approval in (StoredApproval[])[made, found!])
        {
            Require(
                approval.Binding == request.Binding && approval.GrantId == "g" && approval.Terms == request.Terms,
                "A request is kept with another binding, grant or terms.");
            Require(approval.Content.Span.SequenceEqual(request.Content.Span), "A request is kept with another content.");
            Require(approval.Until - approval.Requested == request.PendingFor, "A request isn't pending for as long as was asked for.");
            Require(
                !stores.Has(ApprovalStoreCapabilities.RequestTime) || approval.Requested == request.Time,
                "A request is kept with another time.");
        }

        await store.RequireSpentAsync(false, IdOf(1), "What is pending", at: 6).ConfigureAwait(false);
        await store.RequireStatusAsync(ApprovalStatus.Unknown, IdOf(2), at: 6).ConfigureAwait(false);
    }

    private static async Task OneRequest(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await store.RequestAsync(Request(1)).ConfigureAwait(false);
        StoredApproval found = await store.RequireFoundAsync(Request(2, uses: 5), IdOf(1), ApprovalStatus.Pending).ConfigureAwait(false);
        Require(found.Content.Span.SequenceEqual(ContentOf(1)) && found.Terms.Uses == 1, "A pending request was changed by another call.");
        await store.RequireFoundAsync(Request(3, mayRequest: false), IdOf(1), ApprovalStatus.Pending).ConfigureAwait(false);
        await store.RequireStatusAsync(ApprovalStatus.Unknown, IdOf(2)).ConfigureAwait(false);
    }

    private static async Task Unasked(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await store.RequireAnswerAsync(ApprovalAnswerKind.Nothing, Request(1, mayRequest: false), "A call that wants no request")
            .ConfigureAwait(false);
        await store.RequireStatusAsync(ApprovalStatus.Unknown, IdOf(1)).ConfigureAwait(false);
        Require((await store.ListAsync().ConfigureAwait(false)).Count == 0, "It is listed as pending.");
        await store.RequestAsync(Request(2, "other", maxPending: 1)).ConfigureAwait(false);
        await store.RequireAnswerAsync(
            ApprovalAnswerKind.Nothing, Request(3, maxPending: 1, mayRequest: false), "A call that wants no request, at the grant's bound")
            .ConfigureAwait(false);
    }

    private static async Task InOrder(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await store.RequestAsync(Request(1)).ConfigureAwait(false);
        await store.ApproveAsync(IdOf(1)).ConfigureAwait(false);
        await store.RequireFoundAsync(Request(2), IdOf(1), ApprovalStatus.Approved).ConfigureAwait(false);
        await store.RequireSpentAsync(true, IdOf(1), "What is approved").ConfigureAwait(false);
        await store.RequestAsync(Request(2), "A call after the approval was spent").ConfigureAwait(false);
        await store.ReturnAsync(IdOf(1)).ConfigureAwait(false);
        await store.RequireFoundAsync(Request(3), IdOf(1), ApprovalStatus.Approved, "A call after a use came back, with a pending request")
            .ConfigureAwait(false);
        await store.RequireSpentAsync(true, IdOf(1), "What came back").ConfigureAwait(false);
        await store.RequireFoundAsync(Request(3), IdOf(2), ApprovalStatus.Pending, "A call after all uses were spent again")
            .ConfigureAwait(false);
        await store.RefuseAsync(IdOf(2)).ConfigureAwait(false);
        await store.RequireFoundAsync(Request(3), IdOf(2), ApprovalStatus.Refused, "A call after its request was refused")
            .ConfigureAwait(false);
        await store.ReturnAsync(IdOf(1)).ConfigureAwait(false);
        await store.RequireFoundAsync(Request(3), IdOf(2), ApprovalStatus.Refused, "A call after a return, with a refusal")
            .ConfigureAwait(false);
    }

    private static async Task Cancelled(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await RequireCancelledAsync(token => store.Store.AskAsync(Request(1), token).AsTask()).ConfigureAwait(false);
        await store.RequireStatusAsync(ApprovalStatus.Unknown, IdOf(1)).ConfigureAwait(false);
        await store.RequestAsync(Request(2, uses: 2)).ConfigureAwait(false);
        await RequireCancelledAsync(token => store.Store.ResolveAsync(Approve(IdOf(2)), token).AsTask()).ConfigureAwait(false);
        await store.RequireStatusAsync(ApprovalStatus.Pending, IdOf(2)).ConfigureAwait(false);
        await store.ApproveAsync(IdOf(2)).ConfigureAwait(false);
        var use = UseOf(IdOf(2));
        await RequireCancelledAsync(token => store.Store.SpendAsync(use, token).AsTask()).ConfigureAwait(false);
        await store.RequireStatusAsync(ApprovalStatus.Approved, IdOf(2), usesLeft: 2).ConfigureAwait(false);
        await store.RequireSpentAsync(true, IdOf(2), "What is approved").ConfigureAwait(false);
        await RequireCancelledAsync(token => store.Store.ReturnAsync(use, token).AsTask()).ConfigureAwait(false);
        await store.RequireStatusAsync(ApprovalStatus.Approved, IdOf(2), usesLeft: 1).ConfigureAwait(false);
        var query = new ApprovalQuery(Start, IdOf(2));
        await RequireCancelledAsync(token => store.Store.FindAsync(query, token).AsTask()).ConfigureAwait(false);
        var list = new ApprovalListQuery { Time = Start, Count = 1 };
        await RequireCancelledAsync(token => store.Store.ListPendingAsync(list, token).AsTask()).ConfigureAwait(false);
    }
}
