namespace PolicyLayer.Tests.Sqlite;

/// <summary>The SQLite store keeps the promises of the contract of approvals.</summary>
public sealed class SqliteApprovalContractTests : IDisposable
{
    private readonly SqliteApprovalHarness _harness = new();

    public static TheoryData<string> Cases
    {
        get
        {
            using var harness = new SqliteApprovalHarness();
            return [.. ConformanceRun.NamesOf(harness)];
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Conforms(string name) => ConformanceRun.RunAsync(_harness, name);

    [Fact]
    public Task Agrees_with_the_kits_model() => ConformanceRun.AgreeAsync(_harness, LongTests.Choose(10_000, 1_000_000));

    public void Dispose() => _harness.Dispose();
}
