using PolicyLayer.Approvals;
using static PolicyLayer.Testing.Approvals.CaseApprovals;

namespace PolicyLayer.Testing.Approvals;

/// <summary>Uses that are spent and given back.</summary>
internal static class SpendingCases
{
    private const string NeverMore = "A use that is given back can be spent again, and never more than were spent.";

    public static void AddTo(ApprovalCaseList cases)
    {
        cases.Add("spends_as_many_as_there_are", "An approval is spent as often as it has uses, and never more.", AsMany);
        cases.Add("only_an_approval_is_spent", "Nothing is spent of what isn't approved.", OnlyApproved);
        cases.Add("gives_back_what_was_spent", NeverMore, GivesBack);
        cases.Add("gives_back_no_more_than_was_spent", NeverMore, NoMore);
    }

    private static async Task AsMany(ApprovalStores stores)
    {
        const int Uses = 3;
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await store.RequestAsync(Request(1, uses: Uses)).ConfigureAwait(false);
        await store.ApproveAsync(IdOf(1)).ConfigureAwait(false);
        for (int left = Uses; left > 0; left--)
        {
            await store.RequireFoundAsync(Request(2), IdOf(1), ApprovalStatus.Approved).ConfigureAwait(false);
            await store.RequireStatusAsync(ApprovalStatus.Approved, IdOf(1), usesLeft: left).ConfigureAwait(false);
            await store.RequireSpentAsync(true, IdOf(1), "What is approved").ConfigureAwait(false);
        }

        await store.RequireSpentAsync(false, IdOf(1), "One use more than there are").ConfigureAwait(false);
        await store.RequireStatusAsync(ApprovalStatus.Spent, IdOf(1)).ConfigureAwait(false);
        await store.RequestAsync(Request(2), "A call after all uses were spent").ConfigureAwait(false);
        await store.RequireSpentAsync(false, IdOf(1), "What is spent, with a new request,").ConfigureAwait(false);
        await store.RequireSpentAsync(false, IdOf(2), "A new request").ConfigureAwait(false);
    }

    private static async Task OnlyApproved(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await store.RequireSpentAsync(false, IdOf(1), "What was never requested").ConfigureAwait(false);
        await store.ReturnAsync(IdOf(1)).ConfigureAwait(false);
        await store.RequestAsync(Request(1)).ConfigureAwait(false);
        await store.RequireSpentAsync(false, IdOf(1), "What is pending").ConfigureAwait(false);
        await store.ReturnAsync(IdOf(1)).ConfigureAwait(false);
        await store.RequireSpentAsync(false, IdOf(1), "What is pending, given back,").ConfigureAwait(false);
        await store.RequireStatusAsync(ApprovalStatus.Pending, IdOf(1), usesLeft: 1).ConfigureAwait(false);
        await store.RefuseAsync(IdOf(1)).ConfigureAwait(false);
        await store.RequireSpentAsync(false, IdOf(1), "What was refused").ConfigureAwait(false);
        await store.ReturnAsync(IdOf(1)).ConfigureAwait(false);
        await store.RequireSpentAsync(false, IdOf(1), "What was refused, given back,").ConfigureAwait(false);
    }

    private static async Task GivesBack(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await store.RequestAsync(Request(1, uses: 2)).ConfigureAwait(false);
        await store.ApproveAsync(IdOf(1)).ConfigureAwait(false);
        await store.RequireSpentAsync(true, IdOf(1), "The first of two uses").ConfigureAwait(false);
        await store.ReturnAsync(IdOf(1)).ConfigureAwait(false);
        await store.RequireStatusAsync(ApprovalStatus.Approved, IdOf(1), usesLeft: 2).ConfigureAwait(false);
        await store.RequireSpentAsync(true, IdOf(1), "The first of two uses").ConfigureAwait(false);
        await store.RequireSpentAsync(true, IdOf(1), "The second of two uses").ConfigureAwait(false);
        await store.RequireStatusAsync(ApprovalStatus.Spent, IdOf(1)).ConfigureAwait(false);
        await store.ReturnAsync(IdOf(1)).ConfigureAwait(false);
        await store.RequireStatusAsync(ApprovalStatus.Approved, IdOf(1), usesLeft: 1).ConfigureAwait(false);
        await store.RequireFoundAsync(Request(2), IdOf(1), ApprovalStatus.Approved, "A call after a use came back").ConfigureAwait(false);
        await store.RequireSpentAsync(true, IdOf(1), "What came back").ConfigureAwait(false);
        await store.RequireSpentAsync(false, IdOf(1), "One use more than came back").ConfigureAwait(false);
    }

    private static async Task NoMore(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await store.RequestAsync(Request(1, uses: 5)).ConfigureAwait(false);
        await store.ApproveAsync(IdOf(1), uses: 2).ConfigureAwait(false);
        await store.ReturnAsync(IdOf(1)).ConfigureAwait(false);
        await store.RequireStatusAsync(ApprovalStatus.Approved, IdOf(1), usesLeft: 2).ConfigureAwait(false);
        await store.RequireSpentAsync(true, IdOf(1), "The first of two uses").ConfigureAwait(false);
        for (int i = 0; i < 3; i++)
        {
            await store.ReturnAsync(IdOf(1)).ConfigureAwait(false);
        }

        await store.RequireStatusAsync(ApprovalStatus.Approved, IdOf(1), usesLeft: 2).ConfigureAwait(false);
    }
}
