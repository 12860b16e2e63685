using PolicyLayer.Approvals;
using static PolicyLayer.Testing.Approvals.CaseApprovals;
using static PolicyLayer.Testing.Promises;

namespace PolicyLayer.Testing.Approvals;

/// <summary>What survives a restart, and what instances share.</summary>
internal static class LastingCases
{
    public static void AddTo(ApprovalCaseList cases)
    {
        cases.Add(
            "approvals_survive_a_restart", "A durable store keeps what was requested, answered and spent.", Survive,
            ApprovalStoreCapabilities.Durable);
        cases.Add(
            "instances_share_approvals",
            "What one instance requests, another sees, answers and spends.",
            Share,
            ApprovalStoreCapabilities.Shared);
    }

    private static async Task Survive(ApprovalStores stores)
    {
        CaseApprovals store = await stores.OpenAsync().ConfigureAwait(false);
        for (int i = 1; i <= 4; i++)
        {
            await store.RequestAsync(Request(i, $"b{i}", uses: 3, validFor: Hour)).ConfigureAwait(false);
        }

        await store.ApproveAsync(IdOf(2), uses: 2).ConfigureAwait(false);
        await store.RequireSpentAsync(true, IdOf(2), "What is approved", "b2").ConfigureAwait(false);
        await store.RefuseAsync(IdOf(3)).ConfigureAwait(false);
        await store.ApproveAsync(IdOf(4), uses: 1).ConfigureAwait(false);
        await store.RequireSpentAsync(true, IdOf(4), "What is approved", "b4").ConfigureAwait(false);
        await stores.CloseAsync().ConfigureAwait(false);
        store = await stores.OpenAsync().ConfigureAwait(false);
        StoredApproval pending = await store.RequireFoundAsync(Request(9, "b1"), IdOf(1), ApprovalStatus.Pending).ConfigureAwait(false);
        Require(
            pending.Content.Span.SequenceEqual(ContentOf(1)) && pending.Terms == new ApprovalTerms(3, TimeSpan.FromHours(1)),
            "A pending request lost its content or terms.");
        await store.RequireStatusAsync(ApprovalStatus.Approved, IdOf(2), usesLeft: 1).ConfigureAwait(false);
        StoredApproval refusal = await store.RequireFoundAsync(Request(9, "b3"), IdOf(3), ApprovalStatus.Refused).ConfigureAwait(false);
        Require(refusal is { AnsweredBy: "bob", Reason: "not today" }, "A refusal lost who gave it and why.");
        await store.RequireStatusAsync(ApprovalStatus.Spent, IdOf(4)).ConfigureAwait(false);
        await store.ReturnAsync(IdOf(4), "b4").ConfigureAwait(false);
        await store.RequireSpentAsync(true, IdOf(4), "What came back after a restart", "b4").ConfigureAwait(false);
        await store.RequireSpentAsync(true, IdOf(2), "The last of two uses", "b2").ConfigureAwait(false);
        await store.RequireSpentAsync(false, IdOf(2), "A third of two uses", "b2").ConfigureAwait(false);
    }

    private static async Task Share(ApprovalStores stores)
    {
        CaseApprovals agent = await stores.OpenAsync().ConfigureAwait(false);
        CaseApprovals person = await stores.OpenAsync().ConfigureAwait(false);
        await agent.RequestAsync(Request(1, uses: 2)).ConfigureAwait(false);
        Require((await person.ListAsync().ConfigureAwait(false)).Count == 1, "Another instance doesn't list what is pending.");
        await person.ApproveAsync(IdOf(1)).ConfigureAwait(false);
        await agent.RequireFoundAsync(Request(2), IdOf(1), ApprovalStatus.Approved).ConfigureAwait(false);
        await agent.RequireSpentAsync(true, IdOf(1), "What another instance approved").ConfigureAwait(false);
        await person.RequireStatusAsync(ApprovalStatus.Approved, IdOf(1), usesLeft: 1).ConfigureAwait(false);
        await person.RefuseAsync(IdOf(1)).ConfigureAwait(false);
        await agent.RequireSpentAsync(false, IdOf(1), "What another instance refused").ConfigureAwait(false);
    }
}
