using Microsoft.Data.Sqlite;
using PolicyLayer.Counters;

namespace PolicyLayer.Sqlite;

/// <summary>The counters in an open file.</summary>
internal sealed class SqliteCounterFile : SqliteFile
{
    /// <summary>How many counters are read at a time, so that nobody waits for a list of all.</summary>
    public const int PageLength = 256;

    private readonly SqliteCommand _find;
    private readonly SqliteCommand _save;
    private readonly SqliteCommand _count;
    private readonly SqliteCommand _floor;
    private readonly SqliteCommand _raiseFloor;
    private readonly SqliteCommand _dropAny;
    private readonly SqliteCommand _dropOfGrant;
    private readonly SqliteCommand _drop;
    private readonly SqliteCommand _list;

    public SqliteCounterFile(SqliteConnection connection)
        : base(connection)
    {
        _find = Prepare("SELECT state FROM counters WHERE key = $key", "$key");
        _save = Prepare(
            """
            INSERT INTO counters (key, grant_id, expires, state) VALUES ($key, $grant, $expires, $state)
            ON CONFLICT (key) DO UPDATE SET expires = excluded.expires, state = excluded.state
            """,
            "$key", "$grant", "$expires", "$state");
        _count = Prepare("SELECT live FROM holders WHERE holder = $holder", "$holder");
        _floor = Prepare("SELECT floor FROM clean_up");
        _raiseFloor = Prepare("UPDATE clean_up SET floor = max(floor, $floor)", "$floor");
        _dropAny = Prepare(DropExpired("expires <= $now"), "$now");
        _dropOfGrant = Prepare(DropExpired("grant_id = $grant AND expires <= $now"), "$now", "$grant");
        _drop = Prepare("DELETE FROM counters WHERE key = $key RETURNING expires", "$key");
        _list = Prepare(
            $"SELECT key, state FROM counters WHERE key > $after AND expires > $now ORDER BY key LIMIT {PageLength}", "$after", "$now");
    }

    public CounterWindow? Find(CounterKey key, string keyText)
    {
        _find.Parameters[0].Value = keyText;
        using SqliteDataReader reader = _find.ExecuteReader();
        return reader.Read() ? Load(key, reader, 0) : null;
    }

    /// <summary>Keeps a counter.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="keyText">The key's text.</param>
    /// <param name="window">What it holds.</param>
    /// <param name="holder">The grant that it counts for, if it is new; null for none.</param>
    public void Save(CounterKey key, string keyText, CounterWindow window, string? holder)
    {
        _save.Parameters[0].Value = keyText;
        _save.Parameters[1].Value = holder ?? (object)DBNull.Value;
        _save.Parameters[2].Value = window.Expires?.ToUnixTimeMilliseconds() ?? long.MinValue;
        _save.Parameters[3].Value = window.Save();
        _save.ExecuteNonQuery();
    }

    /// <summary>
    /// The grant that a counter counts for: the one in its key, or the one that makes it, if it is one of many that values have. As keys
    /// write it: SQLite's text has no lone surrogates, and two grants could become one. Null for none.
    /// </summary>
    public static string? HolderOf(CounterKey key, string keyText, string grantId)
    {
        if (key.GrantId is null && !key.Definition.IsPartitioned)
        {
            return null;
        }

        return key.GrantId is null ? SqliteText.Escape(grantId) : keyText.Split('|')[3];
    }

    /// <summary>Some counters that may hold something at a time, in the order of their keys.</summary>
    /// <param name="after">The last key that was read; empty for the first page.</param>
    /// <param name="now">The time.</param>
    public IReadOnlyList<(string Text, CounterKey Key, CounterWindow Window)> List(string after, DateTimeOffset now)
    {
        _list.Parameters[0].Value = after;
        _list.Parameters[1].Value = now.ToUnixTimeMilliseconds();
        var counters = new List<(string, CounterKey, CounterWindow)>();
        using SqliteDataReader reader = _list.ExecuteReader();
        while (reader.Read())
        {
            string text = reader.GetString(0);
            if (!CounterKey.TryParse(text, out CounterKey key))
            {
                throw SqliteFailures.Damaged();
            }

            counters.Add((text, key, Load(key, reader, 1)));
        }

        return counters;
    }

    /// <summary>How many counters there are, of one grant or in all.</summary>
    public long Count(string? grant)
    {
        _count.Parameters[0].Value = SqliteSchema.HolderOf(grant);
        return _count.ExecuteScalar() as long? ?? 0;
    }

    /// <summary>Where a new counter begins at the earliest; null for anywhere.</summary>
    public DateTimeOffset? Floor()
    {
        long floor = _floor.ExecuteScalar() as long? ?? throw SqliteFailures.Damaged();
        if (floor == long.MinValue)
        {
            return null;
        }

        bool isTime = floor >= DateTimeOffset.MinValue.ToUnixTimeMilliseconds()
            && floor <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();
        return isTime ? DateTimeOffset.FromUnixTimeMilliseconds(floor) : throw SqliteFailures.Damaged();
    }

    /// <summary>Drops some expired counters, of one grant or any, and remembers the time behind which none may be opened again.</summary>
    /// <returns>Whether there was one.</returns>
    public bool DropExpired(DateTimeOffset now, string? grant = null)
    {
        SqliteCommand drop = grant is null ? _dropAny : _dropOfGrant;
        drop.Parameters[0].Value = now.ToUnixTimeMilliseconds();
        if (grant is not null)
        {
            drop.Parameters[1].Value = grant;
        }

        return Drop(drop);
    }

    /// <summary>Drops a counter that has expired.</summary>
    public void Drop(string keyText)
    {
        _drop.Parameters[0].Value = keyText;
        Drop(_drop);
    }

    private bool Drop(SqliteCommand drop)
    {
        long floor = long.MinValue;
        using (SqliteDataReader reader = drop.ExecuteReader())
        {
            while (reader.Read())
            {
                floor = Math.Max(floor, reader.GetInt64(0));
            }
        }

        if (floor != long.MinValue)
        {
            _raiseFloor.Parameters[0].Value = floor;
            _raiseFloor.ExecuteNonQuery();
        }

        return floor != long.MinValue;
    }

    private static CounterWindow Load(CounterKey key, SqliteDataReader reader, int column)
    {
        try
        {
            return CounterWindow.Load(key.Definition, reader.GetFieldValue<byte[]>(column));
        }
        catch (Exception e) when (e is FormatException or InvalidCastException)
        {
            throw SqliteFailures.Damaged(e);
        }
    }

    // A few at a time, so that no call pays for all.
    private static string DropExpired(string which) =>
        $"DELETE FROM counters WHERE key IN (SELECT key FROM counters WHERE {which} LIMIT 16) RETURNING expires";
}
