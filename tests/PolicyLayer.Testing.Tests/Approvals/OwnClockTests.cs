using PolicyLayer.Approvals;
using PolicyLayer.Testing;

namespace PolicyLayer.Tests.Approvals;

/// <summary>
/// A store with a clock of its own passes the random runs though the machine is slow: nothing that they make ends meanwhile.
/// </summary>
public sealed class OwnClockTests
{
    public static TheoryData<string> Names =>
    [
        .. ApprovalStoreConformance.Cases(new Harness()).Select(each => each.Name)
            .Where(name => name.StartsWith("agrees_with_the_model", StringComparison.Ordinal)),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Time_that_goes_by_is_no_broken_promise(string name) =>
        await ApprovalStoreConformance.Cases(new Harness()).Single(each => each.Name == name).RunAsync();

    private sealed class Harness : ApprovalStoreHarness
    {
        public override ApprovalStoreCapabilities Capabilities => ApprovalStoreCapabilities.None;

        public override ValueTask<IApprovalStore> OpenAsync(ApprovalStoreOpening opening, CancellationToken cancellationToken) =>
            new(new SlowStore());
    }

    /// <summary>The store in memory, whose clock goes on by half a second with each operation.</summary>
    private sealed class SlowStore : IApprovalStore
    {
        private readonly InMemoryApprovalStore _store = new();
        private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        private DateTimeOffset Now => _now += TimeSpan.FromMilliseconds(500);

        public ValueTask<ApprovalAnswer> AskAsync(ApprovalRequest request, CancellationToken cancellationToken = default) =>
            _store.AskAsync(
                new ApprovalRequest
                {
                    Time = Now,
                    NewId = request.NewId,
                    Binding = request.Binding,
                    ExactBinding = request.ExactBinding,
                    GrantId = request.GrantId,
                    MayRequest = request.MayRequest,
                    MaxPending = request.MaxPending,
                    PendingFor = request.PendingFor,
                    Terms = request.Terms,
                    Content = request.Content,
                },
                cancellationToken);

        public ValueTask<bool> SpendAsync(ApprovalUse use, CancellationToken cancellationToken = default) =>
            _store.SpendAsync(AtNow(use), cancellationToken);

        public ValueTask ReturnAsync(ApprovalUse use, CancellationToken cancellationToken = default) =>
            _store.ReturnAsync(AtNow(use), cancellationToken);

        public ValueTask<ApprovalResolution> ResolveAsync(ApprovalResolve answer, CancellationToken cancellationToken = default) =>
            _store.ResolveAsync(
                new ApprovalResolve
                {
                    Time = Now,
                    Id = answer.Id,
                    IsApproved = answer.IsApproved,
                    By = answer.By,
                    Reason = answer.Reason,
                    IsExact = answer.IsExact,
                    Uses = answer.Uses,
                    ValidFor = answer.ValidFor,
                },
                cancellationToken);

        public ValueTask<StoredApproval?> FindAsync(ApprovalQuery query, CancellationToken cancellationToken = default) =>
            _store.FindAsync(new ApprovalQuery(Now, query.Id), cancellationToken);

        public ValueTask<IReadOnlyList<StoredApproval>> ListPendingAsync(
            ApprovalListQuery query, CancellationToken cancellationToken = default) =>
            _store.ListPendingAsync(
                new ApprovalListQuery { Time = Now, Count = query.Count, After = query.After, GrantId = query.GrantId },
                cancellationToken);

        private ApprovalUse AtNow(ApprovalUse use) => new(Now, use.Id, use.Binding, use.ExactBinding);
    }
}
