using PolicyLayer.Testing;

namespace PolicyLayer.Tests;

/// <summary>Our own stores keep the promises of the contract.</summary>
public sealed class ConformanceTests
{
    public static TheoryData<string> InMemoryCases => Names(new InMemoryHarness());

    public static TheoryData<string> SqliteCases
    {
        get
        {
            using var harness = new SqliteHarness();
            return Names(harness);
        }
    }

    [Theory]
    [MemberData(nameof(InMemoryCases))]
    public async Task The_in_memory_store_conforms(string name) => await RunAsync(new InMemoryHarness(), name);

    [Theory]
    [MemberData(nameof(SqliteCases))]
    public async Task The_sqlite_store_conforms(string name)
    {
        using var harness = new SqliteHarness();
        await RunAsync(harness, name);
    }

    private static Task RunAsync(CounterStoreHarness harness, string name) =>
        CounterStoreConformance.Cases(harness).Single(c => c.Name == name).RunAsync();

    private static TheoryData<string> Names(CounterStoreHarness harness) => [.. CounterStoreConformance.Cases(harness).Select(c => c.Name)];
}
