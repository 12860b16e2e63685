namespace PolicyLayer.Testing.Approvals;

/// <summary>Collects the cases that a store's capabilities allow.</summary>
internal sealed class ApprovalCaseList(ApprovalStoreHarness harness, ulong seed)
{
    private readonly List<ConformanceCase> _cases = [];

    public ulong Seed => seed;

    public void Add(
        string name, string promise, Func<ApprovalStores, Task> run, ApprovalStoreCapabilities needs = ApprovalStoreCapabilities.None)
    {
        if (harness.Capabilities.HasFlag(needs))
        {
            _cases.Add(ConformanceCase.Over(name, promise, (storage, token) => new ApprovalStores(harness, storage, token), run));
        }
    }

    public IReadOnlyList<ConformanceCase> ToList() => _cases.AsReadOnly();
}
