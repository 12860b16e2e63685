namespace PolicyLayer.Testing;

/// <summary>Collects the cases that a store's capabilities allow.</summary>
internal sealed class CaseList(CounterStoreHarness harness, ulong seed)
{
    private readonly List<CounterStoreCase> _cases = [];

    public ulong Seed => seed;

    public void Add(string name, string promise, Func<CaseStores, Task> run, CounterStoreCapabilities needs = CounterStoreCapabilities.None)
    {
        if (harness.Capabilities.HasFlag(needs))
        {
            _cases.Add(new CounterStoreCase(harness, name, promise, run));
        }
    }

    public IReadOnlyList<CounterStoreCase> ToList() => _cases.AsReadOnly();
}
