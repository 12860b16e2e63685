using PolicyLayer.Tests.Secrets.Searching;
using StackExchange.Redis;

namespace PolicyLayer.Tests.Secrets.Stores;

/// <summary>All that stands on a server, names and values, whatever it is of, and in the files that it writes.</summary>
internal static class RedisDump
{
    public static async Task SeeAsync(Witness witness, IConnectionMultiplexer connection)
    {
        IDatabase database = connection.GetDatabase();
        IServer server = connection.GetServers().Single();
        await foreach (RedisKey key in server.KeysAsync())
        {
            witness.See("redis", (byte[])key!);
            foreach (RedisValue value in await ValuesAsync(database, key))
            {
                witness.See("redis", (byte[])value!);
            }
        }

        var folder = (string)(await server.ConfigGetAsync("dir")).Single().Value;
        witness.SeeFiles("files of redis", folder);
    }

    private static async Task<IEnumerable<RedisValue>> ValuesAsync(IDatabase database, RedisKey key) =>
        await database.KeyTypeAsync(key) switch
        {
            RedisType.String => [await database.StringGetAsync(key)],
            RedisType.Hash => (await database.HashGetAllAsync(key)).SelectMany(entry => (RedisValue[])[entry.Name, entry.Value]),
            RedisType.SortedSet => await database.SortedSetRangeByRankAsync(key),
            RedisType.Set => await database.SetMembersAsync(key),
            RedisType.List => await database.ListRangeAsync(key),
            RedisType.None => [],
            var other => throw new InvalidOperationException($"A key is a {other}."),
        };
}
