using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace PolicyLayer.Sqlite;

/// <summary>Opens the file, and makes or checks what is in it.</summary>
internal static class SqliteSchema
{
    /// <summary>Kept in the file's <c>user_version</c>.</summary>
    private const long Version = 2;

    /// <summary>Kept in the file's <c>application_id</c>: "PlCt". Many databases have version 1.</summary>
    private const long ApplicationId = 0x506c4374;

    public static string HolderOf(string? grant) => grant is null ? "all" : "grant:" + grant;

    /// <exception cref="SqliteStoreException">The file can't be used.</exception>
    public static SqliteConnection Open(SqliteFileOptions options)
    {
        SqliteConnection connection = Connect(options);
        try
        {
            Ensure(connection, options);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static SqliteConnection Connect(SqliteFileOptions options)
    {
        if (Directory.Exists(options.Path))
        {
            throw new SqliteStoreException(SqliteStoreFailure.CannotOpen, $"`{options.Path}` is a folder.");
        }

        string path = Path.GetFullPath(options.Path);
        if (Path.GetDirectoryName(path) is { } folder && !Directory.Exists(folder))
        {
            throw new SqliteStoreException(SqliteStoreFailure.CannotOpen, $"The folder of `{options.Path}` doesn't exist.");
        }

        // Its own pool would keep the file open after the store is disposed; its own waiting would block a thread, for half a minute.
        var builder = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 1 };
        var connection = new SqliteConnection(builder.ConnectionString);
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void Ensure(SqliteConnection connection, SqliteFileOptions options)
    {
        Execute(connection, "PRAGMA journal_mode = WAL");
        Execute(connection, options.Synchronous switch
        {
            // The second is for macOS, where a plain fsync leaves data in the disk's cache.
            SqliteSynchronous.Full => "PRAGMA synchronous = FULL; PRAGMA fullfsync = ON",
            SqliteSynchronous.Normal => "PRAGMA synchronous = NORMAL",
            _ => "PRAGMA synchronous = OFF",
        });
        Execute(connection, "BEGIN IMMEDIATE");
        try
        {
            CheckOrCreate(connection);
            Execute(connection, "COMMIT");
        }
        catch
        {
            _ = raw.sqlite3_exec(connection.Handle, "ROLLBACK");
            throw;
        }
    }

    private static void CheckOrCreate(SqliteConnection connection)
    {
        long version = Read(connection, "PRAGMA user_version");
        bool isOurs = Read(connection, "PRAGMA application_id") == ApplicationId;
        if (isOurs && version == Version)
        {
            return;
        }

        if (isOurs)
        {
            throw OtherVersion(version);
        }

        if (version != 0 || Read(connection, "SELECT count(*) FROM sqlite_schema") != 0)
        {
            throw new SqliteStoreException(
                SqliteStoreFailure.ForeignSchema, "The file is a database of something else, not of counters and approvals.");
        }

        Execute(connection, SqliteTables.Counters);
        Execute(connection, SqliteTables.Approvals);
        Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {ApplicationId}"));
        Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {Version}"));
    }

    private static SqliteStoreException OtherVersion(long version)
    {
        string found = string.Create(
            CultureInfo.InvariantCulture, $"The database has version {version}; this package understands version {Version}.");
        return version > Version
            ? new(SqliteStoreFailure.NewerSchema, found + " Use the package that wrote it, or another file.")
            : new(
                SqliteStoreFailure.OlderSchema,
                found + " Use the package that wrote it, or move the file away: what it counted and kept is forgotten then.");
    }

    private static long Read(SqliteConnection connection, string text)
    {
#pragma warning disable CA2100 // Constants, all of them.
        using SqliteCommand command = new(text, connection);
#pragma warning restore CA2100
        return command.ExecuteScalar() as long? ?? throw SqliteFailures.Damaged();
    }

    private static void Execute(SqliteConnection connection, string text)
    {
        int code = raw.sqlite3_exec(connection.Handle, text);
        if (code != raw.SQLITE_OK)
        {
            throw SqliteFailures.From(code);
        }
    }
}
