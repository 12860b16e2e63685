using PolicyLayer.Counters;
using PolicyLayer.Testing;

namespace PolicyLayer.Tests;

/// <summary>The kit, run on the small store. README.md quotes it.</summary>
public sealed class DictionaryCounterStoreTests
{
    public static TheoryData<string> Names => [.. CounterStoreConformance.Cases(new Harness()).Select(each => each.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task It_keeps_a_promise(string name) =>
        await CounterStoreConformance.Cases(new Harness()).Single(each => each.Name == name).RunAsync();

    private sealed class Harness : CounterStoreHarness
    {
        public override CounterStoreCapabilities Capabilities => CounterStoreCapabilities.RequestTime;

        public override ValueTask<ICounterStore> OpenAsync(CounterStoreOpening opening, CancellationToken cancellationToken) =>
            new(new DictionaryCounterStore());
    }
}
