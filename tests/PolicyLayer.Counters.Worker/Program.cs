using System.Globalization;
using PolicyLayer.Counters;
using PolicyLayer.Redis;
using PolicyLayer.Sqlite;
using StackExchange.Redis;

// One process of a test: several callers reserve until the limit refuses them. Each admission appends a byte to a file, which is still
// there when the process is killed. Arguments: `sqlite` or `redis`, where, the limit, the callers, the file, the request's time in
// milliseconds, how far back in milliseconds the clock may step at random, and the windows' length in seconds.
string where = args[1];
long limit = long.Parse(args[2], CultureInfo.InvariantCulture) * CounterDemand.Unit;
int callers = int.Parse(args[3], CultureInfo.InvariantCulture);
long time = long.Parse(args[5], CultureInfo.InvariantCulture);
long back = long.Parse(args[6], CultureInfo.InvariantCulture);
int seconds = int.Parse(args[7], CultureInfo.InvariantCulture);
using var log = new FileStream(args[4], FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
using ConnectionMultiplexer? connection = args[0] == "redis" ? await ConnectionMultiplexer.ConnectAsync(where) : null;
ICounterStore store = connection is not null
    ? new RedisCounterStore(connection)
    : new SqliteCounterStore(new SqliteCounterStoreOptions { Path = where, Deadline = TimeSpan.FromMinutes(1) });

CounterWindowLength window = CounterWindowLength.FromSeconds(seconds);
(CounterDefinition Definition, long Max)[] limits =
[
    (new("race", "total", CounterScope.Policy, window), limit),
    (new("race", "sliding", CounterScope.Policy, window, CounterAlgorithm.Sliding), limit),
    (new("race", "grant", CounterScope.Grant, window), CounterDemand.Largest),
];
await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(() => CallAsync(caller))));
(store as IDisposable)?.Dispose();
return 0;

async Task CallAsync(int caller)
{
    var random = new Random(caller);
    string grant = string.Create(CultureInfo.InvariantCulture, $"grant-{caller % 4}");
    while (true)
    {
        try
        {
            DateTimeOffset now = DateTimeOffset.FromUnixTimeMilliseconds(time - random.NextInt64(back + 1));
            IEnumerable<CounterDemand> demands = limits.Select(
                limit => new CounterDemand(new CounterKey(limit.Definition, grant, null), CounterDemand.Unit, limit.Max));
            CounterReservation reservation = await store.ReserveAsync(new CounterRequest(now, grant, null, demands));
            if (reservation.Status != CounterReservationStatus.Admitted)
            {
                return;
            }

            lock (log)
            {
                log.WriteByte(1);
            }
        }
        catch (Exception e) when (e is RedisCounterStoreException or SqliteCounterStoreException)
        {
            // The engine would deny this call; the next one may be answered.
            await Task.Delay(20);
        }
    }
}
