using PolicyLayer.Counters;
using PolicyLayer.Sqlite;
using Xunit.Abstractions;

namespace PolicyLayer.Tests.Sqlite;

public sealed class CounterSizeTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(false, 700)]
    [InlineData(true, 700)]
    public async Task A_counter_is_small_in_the_file(bool isSliding, long most)
    {
        using var harness = new SqliteHarness();
        string path = harness.PathOf("size");
        using (var store = new SqliteCounterStore(new SqliteCounterStoreOptions { Path = path, Synchronous = SqliteSynchronous.Off }))
        {
            foreach (CounterRequest request in LiveCounters.Requests(1_000, isSliding))
            {
                LiveCounters.RequireAdmitted(await store.ReserveAsync(request));
            }
        }

        LiveCounters.RequireSize(output.WriteLine, isSliding ? "SQLite, sliding" : "SQLite", new FileInfo(path).Length, most);
    }
}
