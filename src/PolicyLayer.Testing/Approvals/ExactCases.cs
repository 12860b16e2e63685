using PolicyLayer.Approvals;
using static PolicyLayer.Testing.Approvals.CaseApprovals;
using static PolicyLayer.Testing.Promises;

namespace PolicyLayer.Testing.Approvals;

/// <summary>Several calls under one binding, and approvals that were narrowed to one of them.</summary>
internal static class ExactCases
{
    private const string Whole = "What wasn't narrowed is there for every call of its binding.";
    private const string Narrowed = "An approval that was narrowed to its call is there for that call, and for no other of its binding.";
    private const string Refused = "A refusal is there for its whole binding, whatever was narrowed in it.";

    public static void AddTo(ApprovalCaseList cases)
    {
        cases.Add("what_is_pending_answers_its_binding", Whole, PendingIsWhole);
        cases.Add("what_is_approved_covers_its_binding", Whole, ApprovedIsWhole);
        cases.Add("what_is_narrowed_says_so", "An approval that was narrowed to its call is found so.", SaysSo);
        cases.Add("what_is_narrowed_covers_its_call", Narrowed, CoversItsCall);
        cases.Add("what_is_narrowed_leaves_other_calls", Narrowed, LeavesOthers);
        cases.Add("what_is_narrowed_is_spent_by_its_call", Narrowed, SpentByItsCall);
        cases.Add("what_is_narrowed_is_given_back_by_its_call", Narrowed, ReturnedByItsCall);
        cases.Add("exact_bindings_are_kept_apart", "Exact bindings that differ in anything, case included, are different ones.", Apart);
        cases.Add("what_is_narrowed_may_not_widen", "An answer that covers more than was asked for changes nothing.", MayNotWiden);
        cases.Add("refusal_ends_what_is_narrowed", Refused, RefusalEndsNarrowed);
        cases.Add("what_is_narrowed_takes_a_refusal", Refused, NarrowedTakesRefusal);
        cases.Add("what_is_narrowed_is_spent_among_callers", "Of the callers of its call as many win as there are uses.", Race);
        cases.Add(
            "what_is_narrowed_survives_a_restart",
            "A durable store keeps what was narrowed to one call.",
            Survives,
            ApprovalStoreCapabilities.Durable);
    }

    private static async Task PendingIsWhole(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        StoredApproval made = await store.RequestAsync(Request(1, exact: "one")).ConfigureAwait(false);
        StoredApproval found =
            await store.RequireFoundAsync(Request(2, exact: "two"), IdOf(1), ApprovalStatus.Pending, "Another call of its binding")
                .ConfigureAwait(false);
        foreach (StoredApproval each in (StoredApproval[])[made, found])
        {
            Require(each.ExactBinding == BindingOf("one"), "A request is kept with another exact binding.");
        }

        await store.RefuseAsync(IdOf(1)).ConfigureAwait(false);
        await store.RequireFoundAsync(Request(2, exact: "two"), IdOf(1), ApprovalStatus.Refused, "Another call of its binding")
            .ConfigureAwait(false);
    }

    private static async Task ApprovedIsWhole(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await store.RequestAsync(Request(1, uses: 3, exact: "one")).ConfigureAwait(false);
        await store.ApproveAsync(IdOf(1)).ConfigureAwait(false);
        await store.RequireFoundAsync(Request(2, exact: "two"), IdOf(1), ApprovalStatus.Approved, "Another call of its binding")
            .ConfigureAwait(false);
        foreach (string call in (string[])["two", "one", "three"])
        {
            await store.RequireSpentAsync(true, IdOf(1), "What covers all of its binding", exact: call).ConfigureAwait(false);
        }

        await store.RequireSpentAsync(false, IdOf(1), "One use more than there are", exact: "four").ConfigureAwait(false);
        await store.ReturnAsync(IdOf(1), exact: "two").ConfigureAwait(false);
        await store.RequireStatusAsync(ApprovalStatus.Approved, IdOf(1), usesLeft: 1).ConfigureAwait(false);
    }

    private static async Task SaysSo(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await ApproveFirstAsync(store, uses: 1).ConfigureAwait(false);
        await RequireExactAsync(store, ApprovalStatus.Approved).ConfigureAwait(false);
        await store.RequireSpentAsync(true, IdOf(1), "What is approved", exact: "one").ConfigureAwait(false);
        await RequireExactAsync(store, ApprovalStatus.Spent).ConfigureAwait(false);
        await store.RequestAsync(Request(2, "whole", exact: "one")).ConfigureAwait(false);
        await store.ApproveAsync(IdOf(2)).ConfigureAwait(false);
        StoredApproval whole = (await store.RequireStatusAsync(ApprovalStatus.Approved, IdOf(2)).ConfigureAwait(false))!;
        Require(!whole.IsExact, "What wasn't narrowed is said to have been.");
    }

    private static async Task RequireExactAsync(CaseApprovals store, ApprovalStatus status)
    {
        StoredApproval found = (await store.RequireStatusAsync(status, IdOf(1)).ConfigureAwait(false))!;
        Require(found.IsExact, "It isn't said that an approval was narrowed to its call.");
        Require(found.ExactBinding == BindingOf("one"), "An approval has lost its call.");
    }

    private static async Task CoversItsCall(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await ApproveFirstAsync(store, uses: 2).ConfigureAwait(false);
        for (int i = 0; i < 2; i++)
        {
            await store.RequireFoundAsync(Request(2, exact: "one"), IdOf(1), ApprovalStatus.Approved, "The call that it was narrowed to")
                .ConfigureAwait(false);
            await store.RequireSpentAsync(true, IdOf(1), "What was narrowed to the call", exact: "one").ConfigureAwait(false);
        }

        await store.RequestAsync(Request(2, exact: "one"), "A call whose approval is spent").ConfigureAwait(false);

        // The only call of its binding is covered whether or not the approval was narrowed to it.
        await store.RequestAsync(Request(3, "alone")).ConfigureAwait(false);
        await store.ApproveAsync(IdOf(3), isExact: true).ConfigureAwait(false);
        await store.RequireFoundAsync(Request(4, "alone"), IdOf(3), ApprovalStatus.Approved, "The only call of its binding")
            .ConfigureAwait(false);
        await store.RequireSpentAsync(true, IdOf(3), "What was narrowed to the only call of its binding", "alone").ConfigureAwait(false);
    }

    private static async Task LeavesOthers(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await ApproveFirstAsync(store, uses: 2).ConfigureAwait(false);
        await store.RequireAnswerAsync(
            ApprovalAnswerKind.Nothing, Request(2, mayRequest: false, exact: "two"), "Another call, that wants no request")
            .ConfigureAwait(false);
        await store.RequestAsync(Request(2, uses: 2, exact: "two"), "Another call than the one that an approval was narrowed to")
            .ConfigureAwait(false);
        await store.RequireFoundAsync(Request(3, exact: "one"), IdOf(1), ApprovalStatus.Approved, "The call that it was narrowed to")
            .ConfigureAwait(false);
        await store.RequireFoundAsync(Request(3, exact: "three"), IdOf(2), ApprovalStatus.Pending, "A third call").ConfigureAwait(false);
        await store.ApproveAsync(IdOf(2), isExact: true).ConfigureAwait(false);
        await store.RequestAsync(Request(3, exact: "three"), "A third call, with two approvals that were narrowed to others")
            .ConfigureAwait(false);
        await store.RequireFoundAsync(Request(4, exact: "one"), IdOf(1), ApprovalStatus.Approved, "The first call").ConfigureAwait(false);
        await store.RequireFoundAsync(Request(4, exact: "two"), IdOf(2), ApprovalStatus.Approved, "The second call").ConfigureAwait(false);
    }

    private static async Task SpentByItsCall(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await ApproveFirstAsync(store, uses: 2).ConfigureAwait(false);
        await store.RequireSpentAsync(false, IdOf(1), "What was narrowed to another call", exact: "two").ConfigureAwait(false);
        await store.RequireStatusAsync(ApprovalStatus.Approved, IdOf(1), usesLeft: 2).ConfigureAwait(false);
        await store.RequireSpentAsync(true, IdOf(1), "What was narrowed to the call", exact: "one").ConfigureAwait(false);
        await store.RequireSpentAsync(false, IdOf(1), "What was narrowed to another call", exact: "two").ConfigureAwait(false);
        await store.RequireSpentAsync(false, IdOf(1), "What is bound to something else", "other", exact: "one").ConfigureAwait(false);
        await store.RequireStatusAsync(ApprovalStatus.Approved, IdOf(1), usesLeft: 1).ConfigureAwait(false);
    }

    private static async Task ReturnedByItsCall(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await ApproveFirstAsync(store, uses: 2).ConfigureAwait(false);
        await store.RequireSpentAsync(true, IdOf(1), "The first of two uses", exact: "one").ConfigureAwait(false);
        await store.ReturnAsync(IdOf(1), exact: "two").ConfigureAwait(false);
        await store.RequireStatusAsync(ApprovalStatus.Approved, IdOf(1), usesLeft: 1, what: "What another call gave back")
            .ConfigureAwait(false);
        await store.RequireSpentAsync(true, IdOf(1), "The second of two uses", exact: "one").ConfigureAwait(false);
        await store.ReturnAsync(IdOf(1), exact: "two").ConfigureAwait(false);
        await store.RequireStatusAsync(ApprovalStatus.Spent, IdOf(1), what: "What another call gave back").ConfigureAwait(false);
        await store.ReturnAsync(IdOf(1), exact: "one").ConfigureAwait(false);
        await RequireExactAsync(store, ApprovalStatus.Approved).ConfigureAwait(false);
        await store.RequireFoundAsync(Request(2, exact: "one"), IdOf(1), ApprovalStatus.Approved, "A call after its use came back")
            .ConfigureAwait(false);
        await store.RequestAsync(Request(2, exact: "two"), "Another call after the use came back").ConfigureAwait(false);
    }

    private static async Task Apart(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await ApproveFirstAsync(store, uses: 5).ConfigureAwait(false);
        string own = BindingOf("one");
        string[] others = [own.ToUpperInvariant(), own[..63] + (own[63] == '0' ? '1' : '0'), own[..63], own + "0", BindingOf("b")];
        foreach (string other in others)
        {
            var use = new ApprovalUse(Start, IdOf(1), BindingOf("b"), other);
            Require(
                !await store.Store.SpendAsync(use, stores.CancellationToken).ConfigureAwait(false),
                "What was narrowed to a call was spent by one that is nearly the same.");
        }

        await store.RequireStatusAsync(ApprovalStatus.Approved, IdOf(1), usesLeft: 5).ConfigureAwait(false);
        await store.RequestAsync(Request(2, "other", exact: "one"), "The same call, bound to something else besides").ConfigureAwait(false);
    }

    private static async Task MayNotWiden(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await store.RequestAsync(Request(1, uses: 2, validFor: Minute, exact: "one")).ConfigureAwait(false);
        ApprovalResolve[] wider = [Approve(IdOf(1), uses: 3, isExact: true), Approve(IdOf(1), validFor: Hour, isExact: true)];
        foreach (ApprovalResolve answer in wider)
        {
            await store.RequireResolvedAsync(ApprovalResolution.NotAllowed, answer, "An answer that covers more").ConfigureAwait(false);
            await store.RequireStatusAsync(ApprovalStatus.Pending, IdOf(1), usesLeft: 2).ConfigureAwait(false);
        }

        await store.ApproveAsync(IdOf(1), uses: 1, validFor: Second, isExact: true).ConfigureAwait(false);
        await RequireExactAsync(store, ApprovalStatus.Approved).ConfigureAwait(false);
        await store.RequireResolvedAsync(ApprovalResolution.NotNeeded, Approve(IdOf(1)), "A second, wider approval").ConfigureAwait(false);
        await store.RequireSpentAsync(false, IdOf(1), "What was narrowed to another call", exact: "two").ConfigureAwait(false);
        await store.RequireStatusAsync(ApprovalStatus.Approved, IdOf(1), usesLeft: 1).ConfigureAwait(false);
    }

    private static async Task RefusalEndsNarrowed(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await ApproveFirstAsync(store, uses: 2).ConfigureAwait(false);
        await store.RequireSpentAsync(true, IdOf(1), "What is approved", exact: "one").ConfigureAwait(false);
        await store.RequestAsync(Request(2, exact: "two"), "Another call").ConfigureAwait(false);
        await store.ApproveAsync(IdOf(2), isExact: true).ConfigureAwait(false);
        await store.RequireSpentAsync(true, IdOf(2), "What is approved", exact: "two").ConfigureAwait(false);
        await store.RequestAsync(Request(3, exact: "three"), "A third call").ConfigureAwait(false);
        await store.RefuseAsync(IdOf(3)).ConfigureAwait(false);
        await store.ReturnAsync(IdOf(1), exact: "one").ConfigureAwait(false);
        await store.ReturnAsync(IdOf(2), exact: "two").ConfigureAwait(false);
        await store.RequireStatusAsync(ApprovalStatus.Refused, IdOf(1)).ConfigureAwait(false);
        await store.RequireStatusAsync(ApprovalStatus.Refused, IdOf(2)).ConfigureAwait(false);
        await RequireRefusedAsync(store, refused: 3).ConfigureAwait(false);
    }

    private static async Task NarrowedTakesRefusal(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await ApproveFirstAsync(store, uses: 2).ConfigureAwait(false);
        await store.RequestAsync(Request(2, exact: "two"), "Another call").ConfigureAwait(false);
        await store.ApproveAsync(IdOf(2)).ConfigureAwait(false);
        await store.RequireFoundAsync(Request(9, exact: "three"), IdOf(2), ApprovalStatus.Approved, "A third call").ConfigureAwait(false);
        await store.RefuseAsync(IdOf(1)).ConfigureAwait(false);
        await store.RequireStatusAsync(ApprovalStatus.Refused, IdOf(2)).ConfigureAwait(false);
        await RequireRefusedAsync(store, refused: 1).ConfigureAwait(false);
        await store.RequestAsync(Request(9, "other", exact: "one"), "The same call, bound to something else besides").ConfigureAwait(false);
    }

    private static async Task RequireRefusedAsync(CaseApprovals store, long refused)
    {
        foreach (string call in (string[])["one", "two", "three", "four"])
        {
            await store.RequireFoundAsync(Request(9, exact: call), IdOf(refused), ApprovalStatus.Refused, "A call of what was refused")
                .ConfigureAwait(false);
            for (int i = 1; i <= 3; i++)
            {
                await store.RequireSpentAsync(false, IdOf(i), "An approval of what was refused", exact: call).ConfigureAwait(false);
            }
        }
    }

    private static async Task Race(ApprovalStores stores)
    {
        const int Callers = 64;
        const int Uses = 10;
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await ApproveFirstAsync(store, Uses).ConfigureAwait(false);
        bool[] spent = await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(
            () => store.SpendAsync(IdOf(1), exact: caller % 2 == 0 ? "one" : "two"), stores.CancellationToken))).ConfigureAwait(false);
        int own = spent.Where((_, caller) => caller % 2 == 0).Count(each => each);
        int others = spent.Count(each => each) - own;
        Require((own, others) == (Uses, 0), $"{own} callers of its call, and {others} of another, spent an approval of {Uses}.");
    }

    private static async Task Survives(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await ApproveFirstAsync(store, uses: 2).ConfigureAwait(false);
        await stores.CloseAsync().ConfigureAwait(false);
        store = await stores.OpenAsync().ConfigureAwait(false);
        await RequireExactAsync(store, ApprovalStatus.Approved).ConfigureAwait(false);
        await store.RequireSpentAsync(false, IdOf(1), "What was narrowed to another call", exact: "two").ConfigureAwait(false);
        await store.RequireFoundAsync(Request(2, exact: "one"), IdOf(1), ApprovalStatus.Approved, "The call that it was narrowed to")
            .ConfigureAwait(false);
        await store.RequireSpentAsync(true, IdOf(1), "What was narrowed to the call", exact: "one").ConfigureAwait(false);
        await store.RequestAsync(Request(2, exact: "two"), "Another call").ConfigureAwait(false);
    }

    private static async Task ApproveFirstAsync(CaseApprovals store, int uses)
    {
        await store.RequestAsync(Request(1, uses: uses, validFor: Hour, exact: "one")).ConfigureAwait(false);
        await store.ApproveAsync(IdOf(1), isExact: true).ConfigureAwait(false);
    }
}
