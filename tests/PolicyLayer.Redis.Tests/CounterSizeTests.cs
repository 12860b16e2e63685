using System.Globalization;
using PolicyLayer.Counters;
using PolicyLayer.Redis;
using StackExchange.Redis;
using Xunit.Abstractions;

namespace PolicyLayer.Tests.Redis;

public sealed class CounterSizeTests(ITestOutputHelper output)
{
    [RedisTheory]
    [InlineData(false, 700)]
    [InlineData(true, 700)]
    public async Task A_counter_is_small_on_the_server(bool isSliding, long most)
    {
        await using var server = new RedisServer();
        await server.StartAsync(appendFsync: "no");
        await using ConnectionMultiplexer connection = await server.ConnectAsync(allowAdmin: true);
        var store = new RedisCounterStore(connection, new RedisCounterStoreOptions { Deadline = TimeSpan.FromMinutes(1) });
        long before = await UsedMemoryAsync(connection);
        foreach (CounterRequest[] some in LiveCounters.Requests(1_000, isSliding).Chunk(1_000))
        {
            Assert.All(
                await Task.WhenAll(some.Select(request => store.ReserveAsync(request).AsTask())), LiveCounters.RequireAdmitted);
        }

        long bytes = await UsedMemoryAsync(connection) - before;
        LiveCounters.RequireSize(output.WriteLine, isSliding ? "Redis, sliding" : "Redis", bytes, most);
    }

    private static async Task<long> UsedMemoryAsync(ConnectionMultiplexer connection)
    {
        string info = (string)(await connection.GetDatabase().ExecuteAsync("INFO", "memory"))!;
        string line = info.Split('\n').First(l => l.StartsWith("used_memory_dataset:", StringComparison.Ordinal));
        return long.Parse(line.Split(':')[1], CultureInfo.InvariantCulture);
    }
}
