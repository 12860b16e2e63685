using StackExchange.Redis;

namespace PolicyLayer.Redis;

/// <summary>Asks the server, and waits until the deadline at most. What fails is one of our failures.</summary>
/// <param name="connection">The host's.</param>
/// <param name="database">The number of the database, or -1.</param>
/// <param name="deadline">For how long an answer is awaited.</param>
/// <param name="time">The clock of the deadline.</param>
/// <param name="failures">What the failures are called.</param>
internal sealed class RedisConnection(
    IConnectionMultiplexer connection, int database, TimeSpan deadline, TimeProvider time, RedisFailures failures)
{
    public IDatabase Database { get; } = connection.GetDatabase(database);

    public RedisFailures Failures => failures;

    public IEnumerable<IServer> Primaries => connection.GetServers().Where(server => !server.IsReplica);

    public Task<RedisResult> EvaluateAsync(RedisScript script, RedisKey[] keys, RedisValue[] values) =>
        AskAsync(script.EvaluateAsync(Database, keys, values));

    /// <summary>Evaluates a script again while it answers so, all within one deadline.</summary>
    /// <param name="script">The script.</param>
    /// <param name="keys">Its keys.</param>
    /// <param name="values">Its values.</param>
    /// <param name="isUnfinished">Whether an answer says that the script wants to be called again.</param>
    /// <param name="cancellationToken">Gives up between two calls.</param>
    public async Task<RedisResult> EvaluateWhileAsync(
        RedisScript script,
        RedisKey[] keys,
        RedisValue[] values,
        Func<RedisResult, bool> isUnfinished,
        CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        TimeSpan left = deadline;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            RedisResult answer = await AskAsync(script.EvaluateAsync(Database, keys, values), left).ConfigureAwait(false);
            if (!isUnfinished(answer))
            {
                return answer;
            }

            left = deadline - time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
            {
                throw RedisFailures.TimedOut();
            }
        }
    }

    public Task<T> AskAsync<T>(Task<T> answer) => AskAsync(answer, deadline);

    private async Task<T> AskAsync<T>(Task<T> answer, TimeSpan within)
    {
        try
        {
            return await answer.WaitAsync(within, time).ConfigureAwait(false);
        }
        catch (Exception e) when (failures.TryFrom(e) is { } failure)
        {
            Forget(answer);
            throw failure;
        }
    }

    /// <summary>Nobody waits for the answer any more: what it fails with is no unobserved exception.</summary>
    private static void Forget(Task answer) => _ = answer.ContinueWith(
        static late => late.Exception,
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);
}
