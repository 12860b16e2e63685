using System.Diagnostics;
using System.Globalization;
using PolicyLayer.Counters;
using PolicyLayer.Redis;
using PolicyLayer.Sqlite;
using PolicyLayer.Testing;
using StackExchange.Redis;
using Xunit.Abstractions;

namespace PolicyLayer.Tests;

/// <summary>Four processes of sixteen callers each drive one store to a limit.</summary>
public sealed class ProcessTests(ITestOutputHelper output) : IDisposable
{
    private const int Processes = 4;
    private const int Callers = 16;
    private const long Unit = CounterDemand.Unit;

    /// <summary>The clock, which Redis goes by.</summary>
    private static readonly long Time = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>A length of windows in which the time is not near an edge, whichever way the clock steps.</summary>
    private static readonly int Seconds = Enumerable.Range(20, 11).Select(days => days * 86_400).First(
        seconds => Time / 1_000 % seconds is var at && at > 86_400 && at < seconds - 86_400);

    private static readonly CounterWindowLength Window = CounterWindowLength.FromSeconds(Seconds);

    private static readonly CounterDefinition Total = new("race", "total", CounterScope.Policy, Window);

    private static readonly CounterDefinition Sliding =
        new("race", "sliding", CounterScope.Policy, Window, CounterAlgorithm.Sliding);

    private static readonly CounterDefinition OfGrant = new("race", "grant", CounterScope.Grant, Window);

    private readonly string _folder = Directory.CreateTempSubdirectory("policylayer-race-").FullName;
    private readonly List<Process> _workers = [];
    private int _started;

    private string Database => Path.Combine(_folder, "counters.db");

    [Fact]
    public async Task Sqlite_admits_exactly_the_limit()
    {
        int limit = LongTests.Choose(1_000, 100_000);
        await RunAsync("sqlite", Database, limit);
        using SqliteCounterStore store = OpenSqlite();
        await RequireAsync(store, limit, lost: 0);
    }

    [Fact]
    public async Task Sqlite_admits_no_more_when_processes_are_killed_and_the_clock_steps_back()
    {
        int limit = LongTests.Choose(800, 100_000);
        using SqliteCounterStore store = OpenSqlite();
        for (int i = 0; i < 4; i++)
        {
            await store.ReserveAsync(Request(limit * Unit, Unit, $"grant-{i}"));
        }

        int kills = await RunAndKillAsync("sqlite", Database, limit, back: 3 * 3_600_000);
        await RequireAsync(store, limit, lost: 4 + (kills * Callers));
    }

    [RedisFact]
    public async Task Redis_admits_exactly_the_limit()
    {
        int limit = LongTests.Choose(10_000, 100_000);
        await using var server = new RedisServer();
        await server.StartAsync();
        await RunAsync("redis", server.Configuration, limit);
        await using ConnectionMultiplexer connection = await server.ConnectAsync();
        await RequireAsync(new RedisCounterStore(connection), limit, lost: 0);
    }

    [RedisFact]
    public async Task Redis_admits_no_more_when_it_restarts_processes_are_killed_and_its_clock_steps_back()
    {
        int limit = LongTests.Choose(10_000, 100_000);
        await using var server = new RedisServer();
        await server.StartAsync();
        await using ConnectionMultiplexer connection = await server.ConnectAsync();
        var store = new RedisCounterStore(connection, new RedisCounterStoreOptions { Deadline = TimeSpan.FromSeconds(10) });
        int kills = await RunAndKillAsync("redis", server.Configuration, limit, back: 0, async () =>
        {
            // A clock an hour ahead in the store is a server whose clock has stepped back by an hour.
            long ahead = (TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(1)).ToUnixTimeMilliseconds();
            await connection.GetDatabase().StringSetAsync(store.ClockKey("race"), RedisCounterStore.ClockValue(ahead));
            await server.KillAsync();
            await server.StartAsync();
        });
        await RequireAsync(store, limit, lost: Processes * Callers * 50 + (kills * Callers));
    }

    public void Dispose()
    {
        foreach (Process worker in _workers)
        {
            if (!worker.HasExited)
            {
                worker.Kill();
                worker.WaitForExit();
            }

            worker.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static CounterRequest Request(long max, long amount, string grant = "grant-0") => CaseStore.Request(
        [new(Total, max), new(Sliding, max), new(OfGrant, CounterDemand.Largest)], [amount, amount, amount], grant, at: Time);

    private SqliteCounterStore OpenSqlite() => new(new SqliteCounterStoreOptions { Path = Database, Deadline = TimeSpan.FromMinutes(1) });

    private async Task RunAsync(string kind, string where, int limit)
    {
        long start = TimeProvider.System.GetTimestamp();
        Process[] workers = [.. Enumerable.Range(0, Processes).Select(_ => Start(kind, where, limit, back: 0))];
        await Task.WhenAll(workers.Select(w => w.WaitForExitAsync()));
        Assert.All(workers, worker => Assert.Equal(0, worker.ExitCode));
        TimeSpan elapsed = TimeProvider.System.GetElapsedTime(start);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kind}: {limit} admissions in {elapsed.TotalSeconds:0.0} s."));
    }

    /// <summary>Kills workers at random moments and starts others, until the limit is reached.</summary>
    private async Task<int> RunAndKillAsync(string kind, string where, int limit, long back, Func<Task>? midway = null)
    {
        var random = new Random(5);
        Process[] workers = [.. Enumerable.Range(0, Processes).Select(_ => Start(kind, where, limit, back))];
        int kills = 0;
        while (Admitted() < limit / 2)
        {
            long next = Admitted() + 1 + random.Next(limit / 8);
            while (Admitted() < next && workers.Any(w => !w.HasExited))
            {
                await Task.Delay(1);
            }

            int victim = random.Next(Processes);
            workers[victim].Kill();
            await workers[victim].WaitForExitAsync();
            kills++;
            workers[victim] = Start(kind, where, limit, back);
            if (midway is not null)
            {
                await midway();
                midway = null;
            }
        }

        await Task.WhenAll(workers.Select(w => w.WaitForExitAsync()));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kind}: {Admitted()} of {limit} admissions seen, {kills} kills."));
        Assert.All(workers, worker => Assert.Equal(0, worker.ExitCode));
        Assert.True(kills > 0);
        return kills;
    }

    /// <summary>The store is full to the limit, every counter says the same, and no more was admitted; few charges were lost.</summary>
    private async Task RequireAsync(ICounterStore store, int limit, int lost)
    {
        Assert.InRange(Admitted(), limit - lost, limit);
        CounterReservation refusal = await store.ReserveAsync(Request(0, 1));
        Assert.Equal(CounterReservationStatus.Refused, refusal.Status);
        Assert.Equal(limit * Unit, refusal.GetUsedMillionths(0));
        Assert.Equal(limit * Unit, refusal.GetUsedMillionths(1));
        long ofGrants = 0;
        for (int i = 0; i < 4; i++)
        {
            ofGrants += (await store.ReserveAsync(Request(0, 1, $"grant-{i}"))).GetUsedMillionths(2);
        }

        Assert.Equal(limit * Unit, ofGrants);
    }

    private long Admitted() => Directory.GetFiles(_folder, "admitted-*").Sum(file => new FileInfo(file).Length);

    private Process Start(string kind, string where, int limit, long back)
    {
        string log = Path.Combine(_folder, $"admitted-{_started++}");
        object[] arguments = [kind, where, limit, Callers, log, Time, back, Seconds];
        var worker = Process.Start(new ProcessStartInfo(
            Path.Combine(AppContext.BaseDirectory, "PolicyLayer.Counters.Worker"),
            arguments.Select(a => Convert.ToString(a, CultureInfo.InvariantCulture)!)))!;
        _workers.Add(worker);
        return worker;
    }
}
