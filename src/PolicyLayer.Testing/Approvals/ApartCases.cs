using PolicyLayer.Approvals;
using static PolicyLayer.Testing.Approvals.CaseApprovals;

namespace PolicyLayer.Testing.Approvals;

/// <summary>Bindings and ids that differ.</summary>
internal static class ApartCases
{
    private const string Promise = "Bindings and ids that differ in anything, case included, are different ones.";

    public static void AddTo(ApprovalCaseList cases)
    {
        cases.Add("bindings_are_kept_apart", Promise, Bindings);
        cases.Add("ids_are_kept_apart", Promise, Ids);
    }

    private static async Task Bindings(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await store.RequestAsync(Request(1)).ConfigureAwait(false);
        await store.RequestAsync(Request(2, "other"), "A call of another binding").ConfigureAwait(false);
        await store.ApproveAsync(IdOf(1)).ConfigureAwait(false);
        await store.RequireStatusAsync(ApprovalStatus.Pending, IdOf(2)).ConfigureAwait(false);
        await store.RequireSpentAsync(false, IdOf(1), "An approval, by a call of another binding,", "other").ConfigureAwait(false);
        await store.RequireSpentAsync(false, IdOf(2), "A request, by a call that another covers,").ConfigureAwait(false);
        await RequireOtherAsync(store, BindingOf("b").ToUpperInvariant(), 3).ConfigureAwait(false);
        await RequireOtherAsync(store, BindingOf("b")[..63] + (BindingOf("b")[63] == '0' ? '1' : '0'), 4).ConfigureAwait(false);
        await RequireOtherAsync(store, BindingOf("b")[..63], 5).ConfigureAwait(false);
        await store.RequireSpentAsync(true, IdOf(1), "An approval, by its own call,").ConfigureAwait(false);
        await store.ReturnAsync(IdOf(1), "other").ConfigureAwait(false);
        await store.RequireStatusAsync(ApprovalStatus.Spent, IdOf(1), what: "What another call gave back").ConfigureAwait(false);
        await store.RefuseAsync(IdOf(2)).ConfigureAwait(false);
        await store.RequestAsync(Request(6), "A call after one of another binding was refused").ConfigureAwait(false);
    }

    private static async Task RequireOtherAsync(CaseApprovals store, string binding, int number)
    {
        bool isSpent = await store.Store.SpendAsync(new ApprovalUse(Start, IdOf(1), binding, BindingOf("b"))).ConfigureAwait(false);
        Promises.Require(!isSpent, "An approval was spent by a call of a binding that is nearly the same.");
        ApprovalRequest nearly = Request(number);
        await store.RequestAsync(
            new ApprovalRequest
            {
                Time = nearly.Time,
                NewId = nearly.NewId,
                Binding = binding,
                ExactBinding = BindingOf("b"),
                GrantId = nearly.GrantId,
                MayRequest = true,
                MaxPending = nearly.MaxPending,
                PendingFor = nearly.PendingFor,
                Terms = nearly.Terms,
                Content = nearly.Content,
            },
            "A call of a binding that is nearly the same").ConfigureAwait(false);
    }

    private static async Task Ids(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        const long Number = 0xABCDEF;
        await store.RequestAsync(Request(Number)).ConfigureAwait(false);
        string[] others = [IdOf(Number).ToUpperInvariant(), IdOf(Number)[1..], IdOf(Number) + "0", " " + IdOf(Number), "%", "*", "", "é"];
        foreach (string id in others)
        {
            await store.RequireStatusAsync(ApprovalStatus.Unknown, id).ConfigureAwait(false);
            await store.RequireResolvedAsync(ApprovalResolution.Unknown, Approve(id), "An answer to another id").ConfigureAwait(false);
        }

        await store.ApproveAsync(IdOf(Number)).ConfigureAwait(false);
        foreach (string id in others.Where(id => id.Length > 0))
        {
            await store.RequireSpentAsync(false, id, "Another id").ConfigureAwait(false);
        }

        await store.RequireStatusAsync(ApprovalStatus.Approved, IdOf(Number), usesLeft: 1).ConfigureAwait(false);
    }
}
