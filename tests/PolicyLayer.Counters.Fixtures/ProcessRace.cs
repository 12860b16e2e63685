using System.Diagnostics;
using System.Globalization;
using PolicyLayer.Counters;

namespace PolicyLayer.Tests;

/// <summary>
/// Four processes of sixteen callers each drive one store to a limit, which they are told by kind and address. They race for limits that
/// all share, for amounts (a half of them for values, the others for a budget of the calendar's), or for orders: steps that one caller
/// takes each, after the one before, and pairs of calls that exclude each other. <see cref="ApprovalRace"/> lets them race for approvals.
/// </summary>
public sealed class ProcessRace(string kind, Action<string> report, string race = ProcessRace.Limits) : IDisposable
{
    public const int Callers = 16;
    public const int AllCallers = Processes * Callers;

    public const string Limits = "limits";
    public const string Amounts = "amounts";
    public const string Orders = "orders";

    /// <summary>Of approvals: who makes the one request of a call.</summary>
    public const string Requests = "requests";

    /// <summary>Of approvals: who spends a use.</summary>
    public const string Uses = "uses";

    /// <summary>The policy whose counters the workers charge.</summary>
    public const string PolicyName = RaceCalls.PolicyName;

    private const int Processes = 4;
    private const int Grants = 4;
    private const long Unit = CounterDemand.Unit;

    /// <summary>The clock, which Redis goes by.</summary>
    internal static readonly long Time = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>A length of windows in which the time is not near an edge, whichever way the clock steps.</summary>
    private static readonly int Seconds = Enumerable.Range(20, 11).Select(days => days * 86_400).First(
        seconds => Time / 1_000 % seconds is var at && at > 86_400 && at < seconds - 86_400);

    private static readonly RaceCalls Calls = new(DateTimeOffset.FromUnixTimeMilliseconds(Time), Seconds);

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

    /// <summary>
    /// Charges each counter once, at the latest time of the workers, where a clock that steps back could find another window; says how many
    /// charges that was.
    /// </summary>
    public async Task<int> ChargeEachAsync(ICounterStore store, int limit)
    {
        CounterDemand[][] calls = race switch
        {
            Limits => [.. Enumerable.Range(0, Grants).Select(i => Calls.Limits(Grant(i), limit * Unit))],
            Amounts =>
            [
                Calls.Budget(Grant(0), limit * Unit),
                .. Enumerable.Range(0, RaceCalls.Values).Select(value => Calls.Value(value, Grant(0), limit * Unit)),
            ],
            _ => [],
        };
        foreach (CounterDemand[] demands in calls)
        {
            string grant = demands[^1].Key.GrantId ?? Grant(0);
            CounterReservation reservation = await store.ReserveAsync(Request(demands, grant));
            Assert.Equal(CounterReservationStatus.Admitted, reservation.Status);
        }

        return calls.Length;
    }

    /// <summary>Lets all workers run to the limit.</summary>
    public async Task RunAsync(string where, int limit, long back = 0)
    {
        long start = TimeProvider.System.GetTimestamp();
        Process[] workers = [.. Enumerable.Range(0, Processes).Select(_ => Start(where, limit, back))];
        await Task.WhenAll(workers.Select(w => w.WaitForExitAsync()));
        Assert.All(workers, worker => Assert.Equal(0, worker.ExitCode));
        TimeSpan elapsed = TimeProvider.System.GetElapsedTime(start);
        report(string.Create(CultureInfo.InvariantCulture, $"{kind}, {race}: {limit} admissions in {elapsed.TotalSeconds:0.0} s."));
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
        report(string.Create(CultureInfo.InvariantCulture, $"{kind}, {race}: {Admitted()} of {limit} admissions seen, {kills} kills."));
        Assert.All(workers, worker => Assert.Equal(0, worker.ExitCode));
        Assert.True(kills > 0);
        return kills;
    }

    /// <summary>The store is full to the limit, and no more was admitted; few charges were lost.</summary>
    public async Task RequireAsync(ICounterStore store, int limit, int lost)
    {
        Assert.InRange(Admitted(), limit - lost, limit);
        await (race switch
        {
            Limits => RequireLimitsAsync(store, limit),
            Amounts => RequireAmountsAsync(store, limit),
            _ => RequireOrdersAsync(store, limit),
        });
    }

    private static async Task RequireLimitsAsync(ICounterStore store, int limit)
    {
        long ofGrants = 0;
        for (int i = 0; i < Grants; i++)
        {
            long[] used = await UsedAsync(store, Calls.Limits(Grant(i), 0), Grant(i));
            Assert.Equal([limit * Unit, limit * Unit], used[..2]);
            ofGrants += used[2];
        }

        Assert.Equal(limit * Unit, ofGrants);
    }

    private static async Task RequireAmountsAsync(ICounterStore store, int limit)
    {
        Assert.Equal([limit / 2 * Unit], await UsedAsync(store, Calls.Budget(Grant(0), 0), Grant(0)));
        for (int value = 0; value < RaceCalls.Values; value++)
        {
            long[] used = await UsedAsync(store, Calls.Value(value, Grant(0), 0), Grant(0));
            Assert.Equal([limit / 2 / RaceCalls.Values * Unit], used);
        }
    }

    private static async Task RequireOrdersAsync(ICounterStore store, int limit)
    {
        for (int round = 1; round <= limit; round++)
        {
            long[] used = await UsedAsync(store, Calls.Step(round, Grant(0)), Grant(0));
            Assert.Equal(Unit, used[0]);
            CounterDemand[] first = Calls.Either(round, isFirst: true, Grant(0));
            CounterDemand[] second = Calls.Either(round, isFirst: false, Grant(0));
            used = await UsedAsync(store, [Asking(first[0]), Asking(second[0])], Grant(0));
            Assert.True(used[0] == 0 ^ used[1] == 0, "Both of two calls that exclude each other were admitted, or none.");
        }
    }

    /// <summary>A demand that can't be met.</summary>
    private static CounterDemand Asking(CounterDemand demand) => new(demand.Key, Unit, 0);

    private static async Task<long[]> UsedAsync(ICounterStore store, CounterDemand[] demands, string grant)
    {
        CounterReservation refusal = await store.ReserveAsync(Request(demands, grant));
        Assert.Equal(CounterReservationStatus.Refused, refusal.Status);
        return [.. Enumerable.Range(0, demands.Length).Select(refusal.GetUsedMillionths)];
    }

    private static CounterRequest Request(CounterDemand[] demands, string grant) =>
        new(DateTimeOffset.FromUnixTimeMilliseconds(Time), grant, "s", demands);

    private static string Grant(int index) => string.Create(CultureInfo.InvariantCulture, $"grant-{index}");

    /// <summary>How many callers have taken down that they won.</summary>
    internal long Admitted() => Directory.GetFiles(Folder, "admitted-*").Sum(file => new FileInfo(file).Length);

    private Process Start(string where, int limit, long back)
    {
        string log = Path.Combine(Folder, $"admitted-{_started++}");
        object[] arguments = [kind, where, limit, Callers, log, Time, back, Seconds, race];
        var worker = Process.Start(new ProcessStartInfo(
            Path.Combine(AppContext.BaseDirectory, "PolicyLayer.Counters.Worker"),
            arguments.Select(a => Convert.ToString(a, CultureInfo.InvariantCulture)!)))!;
        _workers.Add(worker);
        return worker;
    }
}
