using PolicyLayer.Approvals;

namespace PolicyLayer.Cli.Approvals;

/// <summary>Looks at an inbox as a whole.</summary>
internal static class Inboxes
{
    /// <summary>How long watching waits between two looks.</summary>
    public static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    /// <summary>All that waits, page for page, the oldest first.</summary>
    public static async Task<IReadOnlyList<ApprovalView>> ListAllPendingAsync(this ApprovalInbox inbox, CancellationToken cancellationToken)
    {
        var all = new List<ApprovalView>();
        IReadOnlyList<ApprovalView> page;
        do
        {
            page = await inbox.ListPendingAsync(ApprovalInbox.MaxPage, all.LastOrDefault(), cancellationToken: cancellationToken)
                .ConfigureAwait(false);
            all.AddRange(page);
        }
        while (page.Count == ApprovalInbox.MaxPage);
        return all;
    }
}
