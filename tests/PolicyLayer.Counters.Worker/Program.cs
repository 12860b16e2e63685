using System.Globalization;
using PolicyLayer.Approvals;
using PolicyLayer.Counters;
using PolicyLayer.Redis;
using PolicyLayer.Sqlite;
using PolicyLayer.Tests;
using StackExchange.Redis;

// One process of a test: several callers reserve until a limit refuses them. Each admission that counts appends a byte to a file, which is
// still there when the process is killed. Arguments: `sqlite` or `redis`, where, the limit, the callers, the file, the request's time in
// milliseconds, how far back in milliseconds the clock may step at random, the windows' length in seconds, and what to race for: `limits`,
// `amounts` or `orders`, or, of approvals, `requests` or `uses`.
string where = args[1];
long limit = long.Parse(args[2], CultureInfo.InvariantCulture);
int callers = int.Parse(args[3], CultureInfo.InvariantCulture);
long time = long.Parse(args[5], CultureInfo.InvariantCulture);
long back = long.Parse(args[6], CultureInfo.InvariantCulture);
var calls = new RaceCalls(DateTimeOffset.FromUnixTimeMilliseconds(time), int.Parse(args[7], CultureInfo.InvariantCulture));
string race = args[8];
using var log = new FileStream(args[4], FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
using ConnectionMultiplexer? connection = args[0] == "redis" ? await ConnectionMultiplexer.ConnectAsync(where) : null;
if (race is "requests" or "uses")
{
    IApprovalStore approvals = OpenApprovals();
    var racers = new ApprovalCallers(approvals, DateTimeOffset.FromUnixTimeMilliseconds(time), back, Log);
    await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(() => race == "requests"
        ? racers.RequestAsync(limit, new Random(caller))
        : racers.SpendAsync(limit, new Random(caller)))));
    (approvals as IDisposable)?.Dispose();
    return 0;
}

ICounterStore store = connection is not null
    ? new RedisCounterStore(connection)
    : new SqliteCounterStore(new SqliteCounterStoreOptions { Path = where, Deadline = TimeSpan.FromMinutes(1) });

await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(() => CallAsync(caller))));
(store as IDisposable)?.Dispose();
return 0;

IApprovalStore OpenApprovals() => args[0] switch
{
    "sqlite" => new SqliteApprovalStore(new SqliteApprovalStoreOptions
    {
        Path = where,
        Deadline = TimeSpan.FromMinutes(1),
        Protector = ApprovalProtector.Plain,
    }),
    "redis" => new RedisApprovalStore(
        connection!, new RedisApprovalStoreOptions { Deadline = TimeSpan.FromMinutes(1), Protector = ApprovalProtector.Plain }),
    _ => throw new ArgumentException($"`{args[0]}` keeps no approvals."),
};

Task CallAsync(int caller)
{
    string grant = string.Create(CultureInfo.InvariantCulture, $"grant-{caller % 4}");
    var random = new Random(caller);
    return race switch
    {
        "limits" => UntilRefusedAsync(calls.Limits(grant, limit * CounterDemand.Unit), grant, random),
        "orders" => TakeStepsAsync(caller, grant, random),
        _ when caller % 2 == 0 => UntilRefusedAsync(
            calls.Value(caller / 2 % RaceCalls.Values, grant, limit / 2 / RaceCalls.Values * CounterDemand.Unit), grant, random),
        _ => UntilRefusedAsync(calls.Budget(grant, limit / 2 * CounterDemand.Unit), grant, random),
    };
}

async Task UntilRefusedAsync(CounterDemand[] demands, string grant, Random random)
{
    while ((await ReserveAsync(demands, grant, random)).Status == CounterReservationStatus.Admitted)
    {
        Log();
    }
}

// A step that is refused has been taken by somebody, never for want of the one before it: the caller saw that one taken.
async Task TakeStepsAsync(int caller, string grant, Random random)
{
    for (long round = 1; round <= limit; round++)
    {
        CounterReservation step = await ReserveAsync(calls.Step(round, grant), grant, random);
        if (step.Status == CounterReservationStatus.Admitted)
        {
            Log();
        }
        else if (step.GetUsedMillionths(0) != CounterDemand.Unit)
        {
            throw new InvalidOperationException("A step was refused that nobody has taken.");
        }

        await ReserveAsync(calls.Either(round, caller % 2 == 0, grant), grant, random);
    }
}

// While the store fails, the engine would deny: the next call may be answered.
async Task<CounterReservation> ReserveAsync(CounterDemand[] demands, string grant, Random random)
{
    while (true)
    {
        try
        {
            DateTimeOffset now = DateTimeOffset.FromUnixTimeMilliseconds(time - random.NextInt64(back + 1));
            return await store.ReserveAsync(new CounterRequest(now, grant, "s", demands));
        }
        catch (Exception e) when (e is RedisStoreException or SqliteStoreException)
        {
            await Task.Delay(20);
        }
    }
}

void Log()
{
    lock (log)
    {
        log.WriteByte(1);
    }
}
