using PolicyLayer.Approvals;
using static PolicyLayer.Testing.Approvals.CaseApprovals;
using static PolicyLayer.Testing.Promises;

namespace PolicyLayer.Testing.Approvals;

/// <summary>Many callers at once, on one instance and on several.</summary>
internal static class RacingCases
{
    private const int Callers = 64;
    private const int Uses = 10;
    private const string SpentOnce = "Of any number of callers at once as many win as there are uses.";
    private const string OneId = "Of several calls that ask for one binding at once, one makes the request and all get its id.";

    public static void AddTo(ApprovalCaseList cases)
    {
        const ApprovalStoreCapabilities Needs = ApprovalStoreCapabilities.Shared;
        cases.Add("spent_among_callers", SpentOnce, stores => Spend(stores, instances: 1));
        cases.Add("spent_among_instances", SpentOnce, stores => Spend(stores, instances: 3), Needs);
        cases.Add("requested_among_callers", OneId, stores => Ask(stores, instances: 1));
        cases.Add("requested_among_instances", OneId, stores => Ask(stores, instances: 3), Needs);
        cases.Add("answered_among_callers", "Of several answers at once one is taken.", stores => Answer(stores, instances: 1));
        cases.Add("answered_among_instances", "Of several answers at once one is taken.", stores => Answer(stores, instances: 3), Needs);
        cases.Add(
            "bounded_among_callers", "A grant has at most as many pending requests as it may.", stores => Bound(stores, instances: 1));
        cases.Add(
            "bounded_among_instances",
            "A grant has at most as many pending requests as it may.",
            stores => Bound(stores, instances: 3),
            Needs);
        cases.Add("given_back_among_callers", "Uses spent and given back at the same time lose nothing.", Balance);
    }

    private static async Task Spend(ApprovalStores stores, int instances)
    {
        List<CaseApprovals> open = await OpenAsync(stores, instances).ConfigureAwait(false);
        for (int round = 1; round <= 5; round++)
        {
            string id = IdOf(round);
            string binding = $"b{round}";
            int uses = round == 1 ? 1 : Uses;
            await open[0].RequestAsync(Request(round, binding, uses: uses)).ConfigureAwait(false);
            await open[0].ApproveAsync(id).ConfigureAwait(false);
            bool[] spent = await RaceAsync(stores, i => open[i % instances].SpendAsync(id, binding)).ConfigureAwait(false);
            int winners = spent.Count(each => each);
            Require(winners == uses, $"{winners} of {Callers} callers spent an approval of {uses}.");
            foreach (CaseApprovals store in open)
            {
                await store.RequireStatusAsync(ApprovalStatus.Spent, id).ConfigureAwait(false);
            }
        }
    }

    private static async Task Ask(ApprovalStores stores, int instances)
    {
        List<CaseApprovals> open = await OpenAsync(stores, instances).ConfigureAwait(false);
        ApprovalAnswer[] answers =
            await RaceAsync(stores, i => open[i % instances].AskAsync(Request(i + 1))).ConfigureAwait(false);
        int made = answers.Count(each => each.Kind == ApprovalAnswerKind.Requested);
        int ids = answers.Select(each => each.Approval?.Id).Distinct().Count();
        Require(made == 1 && ids == 1, $"{made} requests were made, and callers got {ids} ids.");
        IReadOnlyList<StoredApproval> pending = await open[^1].ListAsync().ConfigureAwait(false);
        Require(pending.Count == 1 && pending[0].Id == answers[0].Approval!.Id, $"{pending.Count} are pending.");
    }

    private static async Task Answer(ApprovalStores stores, int instances)
    {
        List<CaseApprovals> open = await OpenAsync(stores, instances).ConfigureAwait(false);
        await open[0].RequestAsync(Request(1, uses: 2)).ConfigureAwait(false);
        await open[0].RequestAsync(Request(2, "refused")).ConfigureAwait(false);
        ApprovalResolution[] answers = await RaceAsync(
            stores, i => open[i % instances].ResolveAsync(i % 2 == 0 ? Approve(IdOf(1)) : Refuse(IdOf(2)))).ConfigureAwait(false);
        int approved = answers.Where((_, i) => i % 2 == 0).Count(each => each == ApprovalResolution.Done);
        int refused = answers.Where((_, i) => i % 2 == 1).Count(each => each == ApprovalResolution.Done);
        Require((approved, refused) == (1, 1), $"{approved} approvals and {refused} refusals were taken of one each.");
        await open[^1].RequireStatusAsync(ApprovalStatus.Approved, IdOf(1), usesLeft: 2).ConfigureAwait(false);
        await open[^1].RequireStatusAsync(ApprovalStatus.Refused, IdOf(2)).ConfigureAwait(false);
    }

    private static async Task Bound(ApprovalStores stores, int instances)
    {
        List<CaseApprovals> open = await OpenAsync(stores, instances).ConfigureAwait(false);
        ApprovalAnswer[] answers = await RaceAsync(
            stores, i => open[i % instances].AskAsync(Request(i + 1, $"b{i}", maxPending: Uses))).ConfigureAwait(false);
        int made = answers.Count(each => each.Kind == ApprovalAnswerKind.Requested);
        int refused = answers.Count(each => each.Kind == ApprovalAnswerKind.TooMany);
        Require(made == Uses && made + refused == Callers, $"{made} requests were made of {Uses}, and {refused} refused.");
    }

    private static async Task Balance(ApprovalStores stores)
    {
        const int Rounds = 25;
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        await store.RequestAsync(Request(1, uses: 4)).ConfigureAwait(false);
        await store.ApproveAsync(IdOf(1)).ConfigureAwait(false);
        int[] spent = await RaceAsync(
            stores,
            async _ =>
            {
                int times = 0;
                for (int i = 0; i < Rounds; i++)
                {
                    if (await store.SpendAsync(IdOf(1)).ConfigureAwait(false))
                    {
                        times++;
                        await store.ReturnAsync(IdOf(1)).ConfigureAwait(false);
                    }
                }

                return times;
            }).ConfigureAwait(false);
        Require(spent.Sum() > 0, "Nothing was spent.");
        await store.RequireStatusAsync(ApprovalStatus.Approved, IdOf(1), usesLeft: 4).ConfigureAwait(false);
    }

    private static async Task<List<CaseApprovals>> OpenAsync(ApprovalStores stores, int instances)
    {
        var open = new List<CaseApprovals>();
        for (int i = 0; i < instances; i++)
        {
            open.Add(await stores.OpenAsync().ConfigureAwait(false));
        }

        return open;
    }

    private static Task<T[]> RaceAsync<T>(ApprovalStores stores, Func<int, Task<T>> act) =>
        Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(() => act(caller), stores.CancellationToken)));
}
