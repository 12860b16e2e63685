using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace PolicyLayer.Sqlite;

/// <summary>One open connection and its prepared statements. Used by one caller at a time.</summary>
internal abstract class SqliteFile(SqliteConnection connection) : IDisposable
{
    private readonly List<SqliteCommand> _commands = [];

    /// <summary>What it says to SQLite. For tests.</summary>
    public IEnumerable<string> Texts => _commands.Select(command => command.CommandText);

    /// <summary>Begins to write, unless another writer is at it.</summary>
    public bool TryBegin()
    {
        // INVARIANT: nobody writes between what a transaction reads and what it writes of it.
        int code = raw.sqlite3_exec(connection.Handle, "BEGIN IMMEDIATE");
        if (code != raw.SQLITE_OK && !SqliteFailures.IsBusy(code))
        {
            throw SqliteFailures.From(code);
        }

        return code == raw.SQLITE_OK;
    }

    public void Commit()
    {
        int code = raw.sqlite3_exec(connection.Handle, "COMMIT");
        if (code != raw.SQLITE_OK)
        {
            throw SqliteFailures.From(code);
        }
    }

    /// <summary>Ends a transaction without effect, if one is open.</summary>
    public void RollBack()
    {
        if (raw.sqlite3_get_autocommit(connection.Handle) == 0)
        {
            _ = raw.sqlite3_exec(connection.Handle, "ROLLBACK");
        }
    }

    /// <summary>Lets the file grow no further, as if the disk were full. For tests.</summary>
    public void LimitPages() => _ = raw.sqlite3_exec(connection.Handle, "PRAGMA max_page_count = 1");

    public void Dispose()
    {
        _commands.ForEach(command => command.Dispose());
        connection.Dispose();
    }

    /// <summary>A statement, made once and run with other parameters each time.</summary>
    /// <param name="text">A constant.</param>
    /// <param name="parameters">The names in it.</param>
    protected SqliteCommand Prepare(string text, params string[] parameters)
    {
        SqliteCommand command = connection.CreateCommand();
        _commands.Add(command);
#pragma warning disable CA2100 // The texts are constants of the classes derived from this one.
        command.CommandText = text;
#pragma warning restore CA2100
        foreach (string parameter in parameters)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = parameter });
        }

        return command;
    }
}
