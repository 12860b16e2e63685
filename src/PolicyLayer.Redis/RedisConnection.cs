using StackExchange.Redis;

namespace PolicyLayer.Redis;

/// <summary>Asks the server, and waits until the deadline at most. What fails is one of our failures.</summary>
internal sealed class RedisConnection(IConnectionMultiplexer connection, RedisCounterStoreOptions options)
{
    private readonly TimeSpan _deadline = options.Deadline;
    private readonly TimeProvider _time = options.TimeProvider;

    public IDatabase Database { get; } = connection.GetDatabase(options.Database);

    public IEnumerable<IServer> Primaries => connection.GetServers().Where(server => !server.IsReplica);

    public Task<RedisResult> EvaluateAsync(RedisScript script, RedisKey[] keys, RedisValue[] values) =>
        AskAsync(script.EvaluateAsync(Database, keys, values));

    public async Task<T> AskAsync<T>(Task<T> answer)
    {
        try
        {
            return await answer.WaitAsync(_deadline, _time).ConfigureAwait(false);
        }
        catch (Exception e) when (RedisFailures.TryFrom(e) is { } failure)
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
