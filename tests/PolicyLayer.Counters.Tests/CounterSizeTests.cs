using System.Globalization;
using PolicyLayer.Counters;
using PolicyLayer.Redis;
using PolicyLayer.Sqlite;
using PolicyLayer.Testing;
using StackExchange.Redis;
using Xunit.Abstractions;

namespace PolicyLayer.Tests;

/// <summary>What a live counter takes up. Alone, because the in-memory figures come from the garbage collector.</summary>
[Collection(nameof(CounterSizeTests))]
[CollectionDefinition(nameof(CounterSizeTests), DisableParallelization = true)]
public sealed class CounterSizeTests(ITestOutputHelper output)
{
    private static readonly CounterDefinition Fixed = CaseStore.Definition("calls", CounterScope.Session, 3_600);
    private static readonly CounterDefinition Sliding = CaseStore.Definition(
        "calls", CounterScope.Session, 3_600, CounterAlgorithm.Sliding);

    private readonly int _counters = LongTests.Choose(10_000, 100_000);

    [Theory]
    [InlineData("a grant each", 1, false, 1, 400)]
    [InlineData("1,000 sessions a grant", 1_000, false, 1, 300)]
    [InlineData("1,000 sessions a grant, sliding, one charge", 1_000, true, 1, 400)]
    [InlineData("1,000 sessions a grant, sliding, every bucket charged", 1_000, true, 61, 1_500)]
    public async Task In_memory(string what, int sessionsOfGrant, bool isSliding, int charges, long most)
    {
        CounterRequest[] requests = Requests(sessionsOfGrant, isSliding);
        CaseLimit[] limits = [new(requests[0][0].Key.Definition, requests[0][0].MaxMillionths)];
        var store = new InMemoryCounterStore();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int charge = 0; charge < charges; charge++)
        {
            foreach (CounterRequest request in requests)
            {
                long at = request.UnixMilliseconds + (charge * 60_000);
                Require(await store.ReserveAsync(CaseStore.Request(limits, null, request.GrantId, request.SessionId, at)));
            }
        }

        long bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / requests.Length;
        GC.KeepAlive(requests);
        Assert.Equal(requests.Length, store.Count);
        Report($"In memory, {what}", bytes);
        Assert.InRange(bytes, 1, most);
    }

    [Theory]
    [InlineData(false, 700)]
    [InlineData(true, 700)]
    public async Task Sqlite(bool isSliding, long most)
    {
        using var harness = new SqliteHarness();
        string path = harness.PathOf("size");
        using (var store = new SqliteCounterStore(new SqliteCounterStoreOptions { Path = path, Synchronous = SqliteSynchronous.Off }))
        {
            foreach (CounterRequest request in Requests(1_000, isSliding))
            {
                Require(await store.ReserveAsync(request));
            }
        }

        long bytes = new FileInfo(path).Length / _counters;
        Report(isSliding ? "SQLite, sliding" : "SQLite", bytes);
        Assert.InRange(bytes, 1, most);
    }

    [RedisTheory]
    [InlineData(false, 700)]
    [InlineData(true, 700)]
    public async Task Redis(bool isSliding, long most)
    {
        await using var server = new RedisServer();
        await server.StartAsync(appendFsync: "no");
        await using ConnectionMultiplexer connection = await server.ConnectAsync(allowAdmin: true);
        var store = new RedisCounterStore(connection, new RedisCounterStoreOptions { Deadline = TimeSpan.FromMinutes(1) });
        long before = await UsedMemoryAsync(connection);
        foreach (CounterRequest[] some in Requests(1_000, isSliding).Chunk(1_000))
        {
            Assert.All(await Task.WhenAll(some.Select(request => store.ReserveAsync(request).AsTask())), Require);
        }

        long bytes = (await UsedMemoryAsync(connection) - before) / _counters;
        Report(isSliding ? "Redis, sliding" : "Redis", bytes);
        Assert.InRange(bytes, 1, most);
    }

    private static async Task<long> UsedMemoryAsync(ConnectionMultiplexer connection)
    {
        string info = (string)(await connection.GetDatabase().ExecuteAsync("INFO", "memory"))!;
        string line = info.Split('\n').First(l => l.StartsWith("used_memory_dataset:", StringComparison.Ordinal));
        return long.Parse(line.Split(':')[1], CultureInfo.InvariantCulture);
    }

    private static void Require(CounterReservation reservation) => Assert.Equal(CounterReservationStatus.Admitted, reservation.Status);

    /// <summary>A request for each counter, made beforehand: ids and requests are the host's.</summary>
    private CounterRequest[] Requests(int sessionsOfGrant, bool isSliding)
    {
        CaseLimit[] limits = [new(isSliding ? Sliding : Fixed, CounterDemand.Largest)];
        return [.. Enumerable.Range(0, _counters).Select(i => CaseStore.Request(
            limits, grantId: $"grant-{i / sessionsOfGrant}", sessionId: $"session-{i}"))];
    }

    private void Report(string what, long bytes) =>
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {bytes} bytes a counter, of {_counters} live ones."));
}
