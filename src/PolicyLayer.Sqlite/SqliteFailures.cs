using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace PolicyLayer.Sqlite;

/// <summary>Turns SQLite's result codes into our failures.</summary>
internal static class SqliteFailures
{
    public static bool IsBusy(int code) => (code & 0xff) is raw.SQLITE_BUSY or raw.SQLITE_LOCKED;

    public static SqliteCounterStoreException From(SqliteException e) => From(e.SqliteErrorCode, e);

    public static SqliteCounterStoreException From(int code, Exception? inner = null)
    {
        (SqliteCounterStoreFailure failure, string message) = (code & 0xff) switch
        {
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => (SqliteCounterStoreFailure.Locked, "The counter database is locked by other writers."),
            raw.SQLITE_READONLY => (SqliteCounterStoreFailure.ReadOnly, "The counter database can't be written to."),
            raw.SQLITE_FULL => (SqliteCounterStoreFailure.Full, "The counter database's disk is full."),
            raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB =>
                (SqliteCounterStoreFailure.Damaged, "The counter database is damaged, or no database."),
            raw.SQLITE_CANTOPEN or raw.SQLITE_PERM or raw.SQLITE_AUTH =>
                (SqliteCounterStoreFailure.CannotOpen, "The counter database can't be opened."),
            raw.SQLITE_IOERR => (SqliteCounterStoreFailure.InputOutput, "Reading or writing the counter database failed."),
            _ => (SqliteCounterStoreFailure.Other, "The counter database failed."),
        };
        return new SqliteCounterStoreException(failure, message, inner);
    }

    public static SqliteCounterStoreException Damaged(Exception? inner = null) => From(raw.SQLITE_CORRUPT, inner);
}
