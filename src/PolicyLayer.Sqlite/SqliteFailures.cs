using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace PolicyLayer.Sqlite;

/// <summary>Turns SQLite's result codes into our failures.</summary>
internal static class SqliteFailures
{
    public static bool IsBusy(int code) => (code & 0xff) is raw.SQLITE_BUSY or raw.SQLITE_LOCKED;

    public static SqliteStoreException From(SqliteException e) => From(e.SqliteErrorCode, e);

    public static SqliteStoreException From(int code, Exception? inner = null)
    {
        (SqliteStoreFailure failure, string message) = (code & 0xff) switch
        {
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => (SqliteStoreFailure.Locked, "The database is locked by other writers."),
            raw.SQLITE_READONLY => (SqliteStoreFailure.ReadOnly, "The database can't be written to."),
            raw.SQLITE_FULL => (SqliteStoreFailure.Full, "The database's disk is full."),
            raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB =>
                (SqliteStoreFailure.Damaged, "The database is damaged, or no database."),
            raw.SQLITE_CANTOPEN or raw.SQLITE_PERM or raw.SQLITE_AUTH =>
                (SqliteStoreFailure.CannotOpen, "The database can't be opened."),
            raw.SQLITE_IOERR => (SqliteStoreFailure.InputOutput, "Reading or writing the database failed."),
            _ => (SqliteStoreFailure.Other, "The database failed."),
        };
        return new SqliteStoreException(failure, message, inner);
    }

    public static SqliteStoreException Damaged(Exception? inner = null) => From(raw.SQLITE_CORRUPT, inner);
}
