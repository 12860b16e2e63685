namespace PolicyLayer.Tests.Approvals;

/// <summary>The store in memory keeps the promises of the contract.</summary>
public sealed class InMemoryApprovalContractTests
{
    public static TheoryData<string> Cases => [.. ConformanceRun.NamesOf(new InMemoryApprovalHarness())];

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Conforms(string name) => ConformanceRun.RunAsync(new InMemoryApprovalHarness(), name);

    [Fact]
    public Task Agrees_with_the_kits_model() =>
        ConformanceRun.AgreeAsync(new InMemoryApprovalHarness(), LongTests.Choose(10_000, 1_000_000));
}
