namespace PolicyLayer.Testing;

/// <summary>Collects the cases that a store's capabilities allow.</summary>
internal sealed class CaseList(CounterStoreHarness harness, ulong seed)
{
    private readonly List<ConformanceCase> _cases = [];

    public ulong Seed => seed;

    public void Add(string name, string promise, Func<CaseStores, Task> run, CounterStoreCapabilities needs = CounterStoreCapabilities.None)
    {
        if (harness.Capabilities.HasFlag(needs))
        {
            _cases.Add(ConformanceCase.Over(name, promise, (storage, token) => new CaseStores(harness, storage, token), run));
        }
    }

    public IReadOnlyList<ConformanceCase> ToList() => _cases.AsReadOnly();
}
