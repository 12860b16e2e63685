using PolicyLayer.Approvals;
using static PolicyLayer.Testing.Approvals.CaseApprovals;

namespace PolicyLayer.Testing.Approvals;

/// <summary>How much a store holds.</summary>
internal static class BoundCases
{
    private const int Most = 8;
    private const string NoEviction = "One that hasn't ended is never dropped to make room; the request that needs one more is refused.";
    private const string OfGrant = "A grant has at most as many pending requests as it may.";

    public static void AddTo(ApprovalCaseList cases)
    {
        cases.Add("pending_requests_of_a_grant_are_bounded", OfGrant, OfOneGrant);
        cases.Add("answered_requests_make_room_for_their_grant", OfGrant, AnsweredMakeRoom);
        cases.Add(
            "expired_requests_make_room_for_their_grant", OfGrant, ExpiredMakeRoomForGrant, ApprovalStoreCapabilities.RequestTime);
        cases.Add("approvals_are_bounded_in_all", NoEviction, InAll, ApprovalStoreCapabilities.Bounded);
        cases.Add(
            "forgotten_approvals_make_room",
            "What has ended and is forgotten doesn't count against the bound.",
            ForgottenMakeRoom,
            ApprovalStoreCapabilities.Bounded | ApprovalStoreCapabilities.RequestTime);
    }

    private static async Task OfOneGrant(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        for (int i = 1; i <= 3; i++)
        {
            await store.RequestAsync(Request(i, $"b{i}", maxPending: 3)).ConfigureAwait(false);
        }

        await RequireTooManyAsync(store, Request(4, "b4", maxPending: 3), "A grant's fourth request of three").ConfigureAwait(false);
        await RequireTooManyAsync(store, Request(4, "b4", maxPending: 1), "A grant's fourth request of one").ConfigureAwait(false);
        await store.RequireStatusAsync(ApprovalStatus.Unknown, IdOf(4)).ConfigureAwait(false);
        await store.RequireFoundAsync(Request(4, "b2", maxPending: 3), IdOf(2), ApprovalStatus.Pending, "A call that waits already")
            .ConfigureAwait(false);
        await store.RequestAsync(Request(5, "b5", "G", maxPending: 1), "Another grant's first request").ConfigureAwait(false);
        await store.RequestAsync(Request(6, "b6", maxPending: 4), "A grant's fourth request of four").ConfigureAwait(false);
    }

    private static async Task AnsweredMakeRoom(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await store.RequestAsync(Request(1, "b1", maxPending: 2)).ConfigureAwait(false);
        await store.RequestAsync(Request(2, "b2", maxPending: 2)).ConfigureAwait(false);
        await store.ApproveAsync(IdOf(1)).ConfigureAwait(false);
        await store.RequestAsync(Request(3, "b3", maxPending: 2), "A call after an approval").ConfigureAwait(false);
        await RequireTooManyAsync(store, Request(4, "b4", maxPending: 2), "A grant's third request of two").ConfigureAwait(false);
        await store.RefuseAsync(IdOf(2)).ConfigureAwait(false);
        await store.RequestAsync(Request(4, "b4", maxPending: 2), "A call after a refusal").ConfigureAwait(false);
        await RequireTooManyAsync(store, Request(5, "b5", maxPending: 2), "A grant's third request of two").ConfigureAwait(false);
    }

    private static async Task ExpiredMakeRoomForGrant(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await store.RequestAsync(Request(1, "b1", maxPending: 2, pendingFor: Minute)).ConfigureAwait(false);
        await store.RequestAsync(Request(2, "b2", maxPending: 2, pendingFor: Hour)).ConfigureAwait(false);
        await RequireTooManyAsync(store, Request(3, "b3", at: Minute - 1, maxPending: 2), "A grant's third request of two")
            .ConfigureAwait(false);
        await store.RequestAsync(Request(3, "b3", at: Minute, maxPending: 2), "A call after a request expired").ConfigureAwait(false);
        await RequireTooManyAsync(store, Request(4, "b4", at: Minute, maxPending: 2), "A grant's third request of two")
            .ConfigureAwait(false);
    }

    private static async Task InAll(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync(Most).ConfigureAwait(false);
        for (int i = 1; i <= Most; i++)
        {
            await store.RequestAsync(Request(i, $"b{i}", $"g{i}", uses: 2)).ConfigureAwait(false);
        }

        await store.ApproveAsync(IdOf(1)).ConfigureAwait(false);
        await store.RefuseAsync(IdOf(2)).ConfigureAwait(false);
        for (int i = 1; i <= 3; i++)
        {
            // What is approved is held no less than what is pending.
            ApprovalAnswer answer = await store.AskAsync(Request(Most + i, $"b{Most + i}", "new")).ConfigureAwait(false);
            bool isRefused = answer.Kind == ApprovalAnswerKind.TooMany;
            Promises.Require(isRefused || i == 1, "More are held than the bound.");
        }

        await store.RequireStatusAsync(ApprovalStatus.Approved, IdOf(1), usesLeft: 2).ConfigureAwait(false);
        await store.RequireFoundAsync(Request(99, "b2"), IdOf(2), ApprovalStatus.Refused).ConfigureAwait(false);
        for (int i = 3; i <= Most; i++)
        {
            await store.RequireFoundAsync(Request(99, $"b{i}"), IdOf(i), ApprovalStatus.Pending, "A call that waits already")
                .ConfigureAwait(false);
        }
    }

    private static async Task ForgottenMakeRoom(ApprovalStores stores)
    {
        const long Later = Period + Hour + 1;
        CaseApprovals store = await stores.OpenAsync(Most).ConfigureAwait(false);
        for (int i = 1; i <= Most; i++)
        {
            await store.RequestAsync(Request(i, $"b{i}", $"g{i}")).ConfigureAwait(false);
        }

        await RequireTooManyAsync(store, Request(9, "b9"), "A call that needs one more than the bound").ConfigureAwait(false);
        for (int i = 1; i <= Most; i++)
        {
            await store.RequestAsync(Request(Most + i, $"b{i}", at: Later), "A call when all are forgotten").ConfigureAwait(false);
        }

        await RequireTooManyAsync(store, Request(99, "b9", at: Later), "A call that needs one more than the bound").ConfigureAwait(false);
    }

    private static Task RequireTooManyAsync(CaseApprovals store, ApprovalRequest request, string what) =>
        store.RequireAnswerAsync(ApprovalAnswerKind.TooMany, request, what);
}
