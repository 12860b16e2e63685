using System.Diagnostics;
using System.Globalization;
using PolicyLayer.Counters;
using PolicyLayer.Testing;

namespace PolicyLayer.Tests;

/// <summary>Four processes of sixteen callers each drive one store to a limit, which they are told by kind and address.</summary>
public sealed class ProcessRace(string kind, Action<string> report) : IDisposable
{
    public const int Callers = 16;
    public const int AllCallers = Processes * Callers;

    /// <summary>The policy whose counters the workers charge.</summary>
    public const string PolicyName = "race";

    private const int Processes = 4;
    private const int Grants = 4;
    private const long Unit = CounterDemand.Unit;

    /// <summary>The clock, which Redis goes by.</summary>
    private static readonly long Time = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>A length of windows in which the time is not near an edge, whichever way the clock steps.</summary>
    private static readonly int Seconds = Enumerable.Range(20, 11).Select(days => days * 86_400).First(
        seconds => Time / 1_000 % seconds is var at && at > 86_400 && at < seconds - 86_400);

    private static readonly CounterWindowLength Window = CounterWindowLength.FromSeconds(Seconds);

    private static readonly CounterDefinition Total = new(PolicyName, "total", CounterScope.Policy, Window);

    private static readonly CounterDefinition Sliding =
        new(PolicyName, "sliding", CounterScope.Policy, Window, CounterAlgorithm.Sliding);

    private static readonly CounterDefinition OfGrant = new(PolicyName, "grant", CounterScope.Grant, Window);

    private readonly List<Process> _workers = [];
    private int _started;

    /// <summary>A folder of the race alone, removed with it.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("policylayer-race-").FullName;

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

        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Charges once for each grant of the workers, at the latest time of theirs; says how many charges that was.</summary>
    public static async Task<int> ChargeEachGrantAsync(ICounterStore store, int limit)
    {
        for (int i = 0; i < Grants; i++)
        {
            await store.ReserveAsync(Request(limit * Unit, Unit, $"grant-{i}"));
        }

        return Grants;
    }

    /// <summary>Lets all workers run to the limit.</summary>
    public async Task RunAsync(string where, int limit)
    {
        long start = TimeProvider.System.GetTimestamp();
        Process[] workers = [.. Enumerable.Range(0, Processes).Select(_ => Start(where, limit, back: 0))];
        await Task.WhenAll(workers.Select(w => w.WaitForExitAsync()));
        Assert.All(workers, worker => Assert.Equal(0, worker.ExitCode));
        TimeSpan elapsed = TimeProvider.System.GetElapsedTime(start);
        report(string.Create(CultureInfo.InvariantCulture, $"{kind}: {limit} admissions in {elapsed.TotalSeconds:0.0} s."));
    }

    /// <summary>Kills workers at random moments and starts others, until the limit is reached; says how many it killed.</summary>
    public async Task<int> RunAndKillAsync(string where, int limit, long back, Func<Task>? midway = null)
    {
        var random = new Random(5);
        Process[] workers = [.. Enumerable.Range(0, Processes).Select(_ => Start(where, limit, back))];
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
            workers[victim] = Start(where, limit, back);
            if (midway is not null)
            {
                await midway();
                midway = null;
            }
        }

        await Task.WhenAll(workers.Select(w => w.WaitForExitAsync()));
        report(string.Create(CultureInfo.InvariantCulture, $"{kind}: {Admitted()} of {limit} admissions seen, {kills} kills."));
        Assert.All(workers, worker => Assert.Equal(0, worker.ExitCode));
        Assert.True(kills > 0);
        return kills;
    }

    /// <summary>The store is full to the limit, every counter says the same, and no more was admitted; few charges were lost.</summary>
    public async Task RequireAsync(ICounterStore store, int limit, int lost)
    {
        Assert.InRange(Admitted(), limit - lost, limit);
        CounterReservation refusal = await store.ReserveAsync(Request(0, 1));
        Assert.Equal(CounterReservationStatus.Refused, refusal.Status);
        Assert.Equal(limit * Unit, refusal.GetUsedMillionths(0));
        Assert.Equal(limit * Unit, refusal.GetUsedMillionths(1));
        long ofGrants = 0;
        for (int i = 0; i < Grants; i++)
        {
            ofGrants += (await store.ReserveAsync(Request(0, 1, $"grant-{i}"))).GetUsedMillionths(2);
        }

        Assert.Equal(limit * Unit, ofGrants);
    }

    private static CounterRequest Request(long max, long amount, string grant = "grant-0") => CaseStore.Request(
        [new(Total, max), new(Sliding, max), new(OfGrant, CounterDemand.Largest)], [amount, amount, amount], grant, at: Time);

    private long Admitted() => Directory.GetFiles(Folder, "admitted-*").Sum(file => new FileInfo(file).Length);

    private Process Start(string where, int limit, long back)
    {
        string log = Path.Combine(Folder, $"admitted-{_started++}");
        object[] arguments = [kind, where, limit, Callers, log, Time, back, Seconds];
        var worker = Process.Start(new ProcessStartInfo(
            Path.Combine(AppContext.BaseDirectory, "PolicyLayer.Counters.Worker"),
            arguments.Select(a => Convert.ToString(a, CultureInfo.InvariantCulture)!)))!;
        _workers.Add(worker);
        return worker;
    }
}
