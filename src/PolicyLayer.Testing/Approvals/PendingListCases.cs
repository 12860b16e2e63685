using PolicyLayer.Approvals;
using static PolicyLayer.Testing.Approvals.CaseApprovals;
using static PolicyLayer.Testing.Promises;

namespace PolicyLayer.Testing.Approvals;

/// <summary>What is pending, page by page.</summary>
internal static class PendingListCases
{
    private const int Requests = 25;

    public static void AddTo(ApprovalCaseList cases)
    {
        cases.Add("lists_what_is_pending", "What is pending is listed, of one grant or of all, and nothing else.", Lists);
        cases.Add("lists_in_pages", "All that is pending from the first page to the last is listed once.", Pages);
        cases.Add(
            "lists_the_oldest_first",
            "What is pending is listed by the time of its request.",
            OldestFirst,
            ApprovalStoreCapabilities.RequestTime);
        cases.Add(
            "lists_on_from_what_has_ended", "A page may begin behind one that isn't pending any more.", FromWhatHasEnded);
    }

    private static async Task Lists(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        Require((await store.ListAsync().ConfigureAwait(false)).Count == 0, "Something is listed that was never requested.");
        for (int i = 1; i <= 6; i++)
        {
            await store.RequestAsync(Request(i, $"b{i}", i <= 3 ? "g" : "h")).ConfigureAwait(false);
        }

        await store.ApproveAsync(IdOf(2)).ConfigureAwait(false);
        await store.RefuseAsync(IdOf(5)).ConfigureAwait(false);
        await RequireAsync(store, [1, 3, 4, 6], grantId: null).ConfigureAwait(false);
        await RequireAsync(store, [1, 3], "g").ConfigureAwait(false);
        await RequireAsync(store, [4, 6], "h").ConfigureAwait(false);
        await RequireAsync(store, [], "G").ConfigureAwait(false);
        StoredApproval listed = (await store.ListAsync(grantId: "g").ConfigureAwait(false)).Single(each => each.Id == IdOf(1));
        Require(
            listed.Binding == BindingOf("b1") && listed.Content.Span.SequenceEqual(ContentOf(1)),
            "One is listed without its binding or content.");
    }

    private static async Task RequireAsync(CaseApprovals store, int[] expected, string? grantId)
    {
        IEnumerable<string> listed = (await store.ListAsync(grantId: grantId).ConfigureAwait(false)).Select(each => each.Id);
        Require(
            listed.Order(StringComparer.Ordinal).SequenceEqual(expected.Select(number => IdOf(number))),
            "Something else is listed than what is pending.");
    }

    private static async Task Pages(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        for (int i = 1; i <= Requests; i++)
        {
            // Many at one moment, whose order the store chooses.
            await store.RequestAsync(Request(i, $"b{i}", i % 5 == 0 ? "h" : "g", at: i / 10)).ConfigureAwait(false);
        }

        foreach (int count in (int[])[1, 2, 7, Requests - 1, Requests, Requests + 1])
        {
            List<StoredApproval> all = await AllAsync(store, count, grantId: null, at: 3).ConfigureAwait(false);
            Require(all.Count == Requests && all.DistinctBy(each => each.Id).Count() == Requests, "Pages miss one, or have one twice.");
            List<StoredApproval> ofGrant = await AllAsync(store, count, "h", at: 3).ConfigureAwait(false);
            Require(
                ofGrant.Select(each => each.Id).SequenceEqual(all.Where(each => each.GrantId == "h").Select(each => each.Id)),
                "Pages of one grant have others, or another order than those of all.");
        }
    }

    private static async Task OldestFirst(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        long[] times = [30, 10, 20, 0, 40, 25];
        for (int i = 0; i < times.Length; i++)
        {
            await store.RequestAsync(Request(i + 1, $"b{i}", at: times[i])).ConfigureAwait(false);
        }

        List<StoredApproval> all = await AllAsync(store, count: 4, grantId: null, at: 50).ConfigureAwait(false);
        Require(all.Select(each => each.Requested).SequenceEqual(times.Order().Select(TimeAt)), "The order isn't that of the requests.");
    }

    private static async Task FromWhatHasEnded(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        for (int i = 1; i <= Requests; i++)
        {
            await store.RequestAsync(Request(i, $"b{i}", at: i)).ConfigureAwait(false);
        }

        IReadOnlyList<StoredApproval> first = await store.ListAsync(10, at: Requests).ConfigureAwait(false);
        await store.RefuseAsync(first[9].Id, at: Requests).ConfigureAwait(false);
        await store.ApproveAsync(first[3].Id, at: Requests).ConfigureAwait(false);
        IReadOnlyList<StoredApproval> rest = await store.ListAsync(Requests, first[9], at: Requests).ConfigureAwait(false);
        Require(
            rest.Count == Requests - 10 && !rest.Select(each => each.Id).Intersect(first.Select(each => each.Id)).Any(),
            "The page behind one that was refused isn't the rest.");
    }

    private static async Task<List<StoredApproval>> AllAsync(CaseApprovals store, int count, string? grantId, long at)
    {
        List<StoredApproval> all = [];
        IReadOnlyList<StoredApproval> page;
        do
        {
            page = await store.ListAsync(count, all.LastOrDefault(), grantId, at).ConfigureAwait(false);
            all.AddRange(page);
            Require(all.Count <= Requests, "The pages have no end.");
        }
        while (page.Count == count);
        return all;
    }
}
