using System.Globalization;
using System.Runtime.CompilerServices;
using PolicyLayer.Counters;
using StackExchange.Redis;

namespace PolicyLayer.Redis;

/// <summary>Looks at the counters of every primary, and sets one back.</summary>
internal sealed class RedisInventory(RedisConnection connection, RedisKeys keys, RedisScripts scripts)
{
    private const int PageSize = 256;

    public async IAsyncEnumerable<CounterStatus> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The server may name a key twice.
        var seen = new HashSet<CounterKey>();
        var times = new Dictionary<string, ServerTime>(StringComparer.Ordinal);
        foreach (IServer server in connection.Primaries)
        {
            IAsyncEnumerator<RedisKey> found = server
                .KeysAsync(connection.Database.Database, keys.Pattern, PageSize)
                .GetAsyncEnumerator(CancellationToken.None);
            await using ConfiguredAsyncDisposable disposal = found.ConfigureAwait(false);
            while (await connection.AskAsync(found.MoveNextAsync().AsTask()).ConfigureAwait(false))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!keys.TryParse(found.Current, out CounterKey key) || !seen.Add(key))
                {
                    continue;
                }

                string policy = key.Definition.PolicyName;
                if (!times.TryGetValue(policy, out ServerTime time))
                {
                    times.Add(policy, time = await TimeOfAsync(policy).ConfigureAwait(false));
                }

                CounterWindow window = await ReadAsync(key, time).ConfigureAwait(false);
                if (window.UsedMillionths > 0)
                {
                    yield return new CounterStatus(key, window.UsedMillionths, window.Expires!.Value);
                }
            }
        }
    }

    public async ValueTask<bool> ResetAsync(CounterKey key)
    {
        string policy = key.Definition.PolicyName;
        ServerTime time = await TimeOfAsync(policy).ConfigureAwait(false);
        CounterWindow window = await ReadAsync(key, time).ConfigureAwait(false);
        await connection.EvaluateAsync(scripts.Reset, [keys.ClockKey(policy), keys.KeyOf(key)], []).ConfigureAwait(false);
        return window.UsedMillionths > 0;
    }

    private async Task<ServerTime> TimeOfAsync(string policyName)
    {
        RedisResult answer = await connection.EvaluateAsync(scripts.Time, [keys.ClockKey(policyName)], []).ConfigureAwait(false);
        var times = (long[])answer!;
        return new ServerTime(DateTimeOffset.FromUnixTimeMilliseconds(times[0]), DateTimeOffset.FromUnixTimeMilliseconds(times[1]));
    }

    private async Task<CounterWindow> ReadAsync(CounterKey key, ServerTime time)
    {
        Task<HashEntry[]> answer = connection.Database.HashGetAllAsync(keys.KeyOf(key), CommandFlags.DemandMaster);
        HashEntry[] fields = await connection.AskAsync(answer).ConfigureAwait(false);
        try
        {
            DateTimeOffset now = key.Definition.Algorithm == CounterAlgorithm.Recent ? time.Now : time.Latest;
            return Replay(key.Definition, fields, now);
        }
        catch (Exception e) when (e is FormatException or OverflowException or ArgumentOutOfRangeException)
        {
            throw connection.Failures.Damaged();
        }
    }

    /// <summary>The charges in their order, on a counter that does the arithmetic.</summary>
    private static CounterWindow Replay(CounterDefinition definition, HashEntry[] fields, DateTimeOffset now)
    {
        var window = new CounterWindow(definition);
        IEnumerable<(long Bucket, long Amount)> charges = fields
            .Where(field => !RedisScripts.IsNote((string?)field.Name))
            .Select(field => (NumberOf(field.Name), NumberOf(field.Value)))
            .OrderBy(charge => charge.Item1);
        foreach ((long bucket, long amount) in charges)
        {
            window.MoveTo(DateTimeOffset.FromUnixTimeMilliseconds(RedisBuckets.StartOf(definition, bucket)));
            window.Charge(amount);
        }

        window.MoveTo(now);
        return window;
    }

    /// <summary>The latest time that a policy's counters have seen, and the server's.</summary>
    private readonly record struct ServerTime(DateTimeOffset Latest, DateTimeOffset Now);

    private static long NumberOf(RedisValue text) => long.Parse((string)text!, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}
