using System.Security.Cryptography;
using PolicyLayer.Approvals;
using PolicyLayer.Redis;
using PolicyLayer.Sqlite;

namespace PolicyLayer.Tests;

/// <summary>The callers of one process, in a race for approvals; <paramref name="log"/> takes down what each wins.</summary>
internal sealed class ApprovalCallers(IApprovalStore store, DateTimeOffset time, long back, Action log)
{
    /// <summary>All ask for the same at once, round after round: one makes the request, and all get it.</summary>
    public async Task RequestAsync(long rounds, Random random)
    {
        for (long round = 1; round <= rounds; round++)
        {
            string newId = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
            ApprovalAnswer answer = await TryAsync(
                () => store.AskAsync(ApprovalCalls.Request(round, newId, Now(random))).AsTask());
            if (answer.Approval is not { Status: ApprovalStatus.Pending })
            {
                throw new InvalidOperationException("A call that nobody has answered isn't told to wait.");
            }

            if (answer.Kind == ApprovalAnswerKind.Requested)
            {
                log();
            }
        }
    }

    /// <summary>
    /// All spend one approval after the other until nothing is left of it; some give back what they spent, and spend again.
    /// </summary>
    public async Task SpendAsync(long uses, Random random)
    {
        for (long round = 1; round <= uses / ApprovalCalls.UsesEach; round++)
        {
            while (await TryAsync(() => store.SpendAsync(ApprovalCalls.Use(round, Now(random))).AsTask()))
            {
                if (random.Next(4) == 0)
                {
                    await ReturnAsync(round, random);
                }
                else
                {
                    log();
                }
            }
        }
    }

    /// <summary>Not tried again: where it failed, nobody knows whether it was given back.</summary>
    private async Task ReturnAsync(long round, Random random)
    {
        try
        {
            await store.ReturnAsync(ApprovalCalls.Use(round, Now(random)));
        }
        catch (Exception e) when (e is RedisStoreException or SqliteStoreException)
        {
            // The test allows for what is lost so.
        }
    }

    /// <summary>While the store fails, the engine would deny: the next call may be answered.</summary>
    private static async Task<T> TryAsync<T>(Func<Task<T>> operation)
    {
        while (true)
        {
            try
            {
                return await operation();
            }
            catch (Exception e) when (e is RedisStoreException or SqliteStoreException)
            {
                await Task.Delay(20);
            }
        }
    }

    private DateTimeOffset Now(Random random) => time.AddMilliseconds(-random.NextInt64(back + 1));
}
