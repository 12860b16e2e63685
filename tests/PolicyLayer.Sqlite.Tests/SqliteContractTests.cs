using FsCheck.Xunit;
using PolicyLayer.Counters;
using PolicyLayer.Testing;

namespace PolicyLayer.Tests.Sqlite;

/// <summary>The SQLite store keeps the promises of the contract.</summary>
public sealed class SqliteContractTests : IDisposable
{
    private readonly SqliteHarness _harness = new();

    public static TheoryData<string> Cases
    {
        get
        {
            using var harness = new SqliteHarness();
            return [.. ConformanceRun.NamesOf(harness)];
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Conforms(string name) => ConformanceRun.RunAsync(_harness, name);

    [Fact]
    public Task Agrees_with_the_kits_model() => ConformanceRun.AgreeAsync(_harness, LongTests.Choose(10_000, 1_000_000));

    [Fact]
    public Task Charges_say_what_they_left() => ConformanceRun.RequireSaysUsedAsync(_harness);

    [Property(MaxTest = 5)]
    public void Keeps_its_bounds(int seed)
    {
        using var harness = new SqliteHarness();
        var opening = new CounterStoreOpening("bounds", BoundedRun.Most, BoundedRun.MostOfGrant);
        ICounterStore store = harness.OpenAsync(opening, CancellationToken.None).GetAwaiter().GetResult();
        using var disposable = (IDisposable)store;
        BoundedRun.Run(store, seed);
    }

    [Fact]
    public async Task A_refund_after_a_clock_step()
    {
        ICounterStore store = await OpenAsync();
        using var disposable = (IDisposable)store;
        await new SteppedClock().RequireRefundAsync(store);
    }

    [Fact]
    public async Task One_reading_ten_years_ahead()
    {
        ICounterStore store = await OpenAsync();
        using var disposable = (IDisposable)store;
        await new SteppedClock().RequireWaitAsync(store);
    }

    public void Dispose() => _harness.Dispose();

    private ValueTask<ICounterStore> OpenAsync() => _harness.OpenAsync(new CounterStoreOpening("stepped"), CancellationToken.None);
}
