using FsCheck.Xunit;
using PolicyLayer.Counters;
using PolicyLayer.Testing;

namespace PolicyLayer.Tests.Counters;

/// <summary>The store in memory keeps the promises of the contract.</summary>
public sealed class InMemoryContractTests
{
    public static TheoryData<string> Cases => [.. ConformanceRun.NamesOf(new InMemoryHarness())];

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Conforms(string name) => ConformanceRun.RunAsync(new InMemoryHarness(), name);

    [Fact]
    public Task Agrees_with_the_kits_model() => ConformanceRun.AgreeAsync(new InMemoryHarness(), LongTests.Choose(50_000, 1_000_000));

    [Fact]
    public Task Charges_say_what_they_left() => ConformanceRun.RequireSaysUsedAsync(new InMemoryHarness());

    [Property(MaxTest = 300)]
    public void Keeps_its_bounds(int seed) => BoundedRun.Run(
        new InMemoryCounterStore(
            new InMemoryCounterStoreOptions { MaxCounters = BoundedRun.Most, MaxCountersPerGrant = BoundedRun.MostOfGrant }),
        seed);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task A_refund_after_a_clock_step(bool isOverTheInterface) =>
        new SteppedClock().RequireRefundAsync(store: null, isAudited: isOverTheInterface);

    [Fact]
    public Task One_reading_ten_years_ahead() => new SteppedClock().RequireWaitAsync(store: null);
}
