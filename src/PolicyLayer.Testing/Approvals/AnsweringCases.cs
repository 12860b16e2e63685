using PolicyLayer.Approvals;
using static PolicyLayer.Testing.Approvals.CaseApprovals;
using static PolicyLayer.Testing.Promises;

namespace PolicyLayer.Testing.Approvals;

/// <summary>What people answer, and what becomes of it.</summary>
internal static class AnsweringCases
{
    public static void AddTo(ApprovalCaseList cases)
    {
        cases.Add("an_approval_says_who_and_why", "An approval keeps who gave it, when and why, and its content.", Approved);
        cases.Add("a_refusal_says_who_and_why", "A refusal answers for its binding with who refused and why.", Refused);
        cases.Add("what_is_in_force_can_be_refused", "A person may refuse what was approved; what is left of it is void.", Revoked);
        cases.Add("an_answer_may_narrow", "An approval covers no more than its answer says.", Narrowed);
        cases.Add("an_answer_may_not_widen", "An answer that covers more than was asked for changes nothing.", Widened);
        cases.Add("answers_that_come_too_late", "An answer that can't change anything says why, and changes nothing.", TooLate);
    }

    private static async Task Approved(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await store.RequestAsync(Request(1, uses: 3, validFor: Hour)).ConfigureAwait(false);
        await store.ApproveAsync(IdOf(1), at: 10).ConfigureAwait(false);
        StoredApproval approval =
            (await store.RequireStatusAsync(ApprovalStatus.Approved, IdOf(1), at: 10, usesLeft: 3).ConfigureAwait(false))!;
        Require(approval is { AnsweredBy: "ann", Reason: "looks right" }, "It doesn't say who approved it and why.");
        Require(approval.Until - approval.Answered == TimeSpan.FromHours(1), "It isn't in force for as long as was asked for.");
        Require(
            !stores.Has(ApprovalStoreCapabilities.RequestTime) || approval.Answered == TimeAt(10), "It doesn't say when it was approved.");
        Require(approval.Content.Span.SequenceEqual(ContentOf(1)), "What is approved has lost its content.");
    }

    private static async Task Refused(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await store.RequestAsync(Request(1)).ConfigureAwait(false);
        await store.RefuseAsync(IdOf(1), at: 10).ConfigureAwait(false);
        StoredApproval answer =
            await store.RequireFoundAsync(Request(2, at: 11), IdOf(1), ApprovalStatus.Refused, "A call that was refused")
                .ConfigureAwait(false);
        StoredApproval found = (await store.RequireStatusAsync(ApprovalStatus.Refused, IdOf(1), at: 11).ConfigureAwait(false))!;
        foreach (StoredApproval refusal in (StoredApproval[])[answer, found])
        {
            Require(refusal is { AnsweredBy: "bob", Reason: "not today" }, "It doesn't say who refused it and why.");
            Require(
                refusal.Until - refusal.Answered == TimeSpan.FromMilliseconds(Period),
                "It doesn't hold for as long as a request is pending.");
        }

        await store.RequireSpentAsync(false, IdOf(1), "What was refused", at: 11).ConfigureAwait(false);
    }

    private static async Task Revoked(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await store.RequestAsync(Request(1, uses: 2, validFor: Hour)).ConfigureAwait(false);
        await store.ApproveAsync(IdOf(1)).ConfigureAwait(false);
        await store.RequireSpentAsync(true, IdOf(1), "What is approved").ConfigureAwait(false);
        await store.RefuseAsync(IdOf(1), at: 10).ConfigureAwait(false);
        StoredApproval refusal = await store.RequireFoundAsync(Request(2, at: 10), IdOf(1), ApprovalStatus.Refused).ConfigureAwait(false);
        Require(refusal.AnsweredBy == "bob", "It doesn't say who refused it.");
        Require(
            refusal.Until - refusal.Answered == TimeSpan.FromMilliseconds(Period), "It doesn't hold for as long as a request is pending.");
        await store.RequireSpentAsync(false, IdOf(1), "What was refused after it was approved", at: 10).ConfigureAwait(false);
        await store.ReturnAsync(IdOf(1), at: 10).ConfigureAwait(false);
        await store.RequireSpentAsync(false, IdOf(1), "What came back after the refusal", at: 10).ConfigureAwait(false);
        await store.RequireStatusAsync(ApprovalStatus.Refused, IdOf(1), at: 10).ConfigureAwait(false);
    }

    private static async Task Narrowed(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await store.RequestAsync(Request(1, uses: 5, validFor: Hour)).ConfigureAwait(false);
        await store.ApproveAsync(IdOf(1), uses: 2, validFor: Minute).ConfigureAwait(false);
        StoredApproval approval = (await store.RequireStatusAsync(ApprovalStatus.Approved, IdOf(1), usesLeft: 2).ConfigureAwait(false))!;
        Require(approval.Terms == new ApprovalTerms(2, TimeSpan.FromMinutes(1)), "It covers something else than its answer says.");
        Require(approval.Until - approval.Answered == TimeSpan.FromMinutes(1), "It isn't in force for as long as its answer says.");
        await store.RequireSpentAsync(true, IdOf(1), "The first of two uses").ConfigureAwait(false);
        await store.RequireSpentAsync(true, IdOf(1), "The second of two uses").ConfigureAwait(false);
        await store.RequireSpentAsync(false, IdOf(1), "A third of two uses").ConfigureAwait(false);
        await store.RequestAsync(Request(2, "one part", uses: 5, validFor: Hour)).ConfigureAwait(false);
        await store.ApproveAsync(IdOf(2), validFor: Minute).ConfigureAwait(false);
        await store.RequireStatusAsync(ApprovalStatus.Approved, IdOf(2), usesLeft: 5).ConfigureAwait(false);
        await store.RequestAsync(Request(3, "all of it", uses: 5, validFor: Hour)).ConfigureAwait(false);
        await store.ApproveAsync(IdOf(3), uses: 5, validFor: Hour).ConfigureAwait(false);
        await store.RequireStatusAsync(ApprovalStatus.Approved, IdOf(3), usesLeft: 5).ConfigureAwait(false);
    }

    private static async Task Widened(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await store.RequestAsync(Request(1, uses: 2, validFor: Minute)).ConfigureAwait(false);
        ApprovalResolve[] wider =
        [
            Approve(IdOf(1), uses: 3),
            Approve(IdOf(1), uses: ApprovalTerms.MaxUses + 1),
            Approve(IdOf(1), validFor: Minute + 1),
            Approve(IdOf(1), uses: 1, validFor: Hour),
            Approve(IdOf(1), uses: 3, validFor: Second),
        ];
        foreach (ApprovalResolve answer in wider)
        {
            await store.RequireResolvedAsync(ApprovalResolution.NotAllowed, answer, "An answer that covers more").ConfigureAwait(false);
            await store.RequireStatusAsync(ApprovalStatus.Pending, IdOf(1), usesLeft: 2).ConfigureAwait(false);
        }

        await store.RequireSpentAsync(false, IdOf(1), "What is still pending").ConfigureAwait(false);
        await store.ApproveAsync(IdOf(1)).ConfigureAwait(false);
    }

    private static async Task TooLate(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        foreach (Func<string, long, ApprovalResolve> answer in (Func<string, long, ApprovalResolve>[])[(id, at) => Approve(id, at), Refuse])
        {
            await store.RequireResolvedAsync(ApprovalResolution.Unknown, answer(IdOf(99), 0), "An answer to nothing").ConfigureAwait(false);
        }

        await store.RequestAsync(Request(1)).ConfigureAwait(false);
        await store.ApproveAsync(IdOf(1)).ConfigureAwait(false);
        await store.RequireResolvedAsync(ApprovalResolution.NotNeeded, Approve(IdOf(1)), "A second approval").ConfigureAwait(false);
        await store.RequireStatusAsync(ApprovalStatus.Approved, IdOf(1), usesLeft: 1).ConfigureAwait(false);
        await store.RequireSpentAsync(true, IdOf(1), "What is approved").ConfigureAwait(false);
        await store.RequestAsync(Request(2, "refused")).ConfigureAwait(false);
        await store.RefuseAsync(IdOf(2)).ConfigureAwait(false);
        (string Id, ApprovalStatus Status, ApprovalResolution Answer)[] ended =
        [
            (IdOf(1), ApprovalStatus.Spent, ApprovalResolution.Spent),
            (IdOf(2), ApprovalStatus.Refused, ApprovalResolution.Refused),
        ];
        foreach ((string id, ApprovalStatus status, ApprovalResolution expected) in ended)
        {
            await store.RequireResolvedAsync(expected, Approve(id), "An approval of what has ended").ConfigureAwait(false);
            if (status == ApprovalStatus.Refused)
            {
                await store.RequireResolvedAsync(expected, Refuse(id), "A refusal of what was refused").ConfigureAwait(false);
            }

            await store.RequireStatusAsync(status, id).ConfigureAwait(false);
            await store.RequireSpentAsync(false, id, "What has ended", id == IdOf(1) ? "b" : "refused").ConfigureAwait(false);
        }
    }
}
