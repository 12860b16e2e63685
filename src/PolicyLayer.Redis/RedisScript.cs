using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;

namespace PolicyLayer.Redis;

/// <summary>A script that is sent by its hash, and in full only to a server that doesn't know it.</summary>
internal sealed class RedisScript(string text)
{
#pragma warning disable CA5350 // Redis names scripts by their SHA-1.
    private readonly byte[] _hash = SHA1.HashData(Encoding.UTF8.GetBytes(text));
#pragma warning restore CA5350

    public async Task<RedisResult> EvaluateAsync(IDatabase database, RedisKey[] keys, RedisValue[] values)
    {
        try
        {
            return await database.ScriptEvaluateAsync(_hash, keys, values, CommandFlags.DemandMaster).ConfigureAwait(false);
        }
        catch (RedisServerException e) when (e.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            return await database.ScriptEvaluateAsync(text, keys, values, CommandFlags.DemandMaster).ConfigureAwait(false);
        }
    }
}
