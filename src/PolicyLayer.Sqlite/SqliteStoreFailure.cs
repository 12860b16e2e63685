namespace PolicyLayer.Sqlite;

/// <summary>Why a store in SQLite couldn't answer.</summary>
public enum SqliteStoreFailure
{
    /// <summary>Something else; the inner exception says what.</summary>
    Other = 0,

    /// <summary>Other writers held the file until the deadline.</summary>
    Locked = 1,

    /// <summary>The file, its folder or its disk can't be written to.</summary>
    ReadOnly = 2,

    /// <summary>The disk, or the file, is full.</summary>
    Full = 3,

    /// <summary>The file isn't a database, or is damaged.</summary>
    Damaged = 4,

    /// <summary>The file was written by a newer version of this package.</summary>
    NewerSchema = 5,

    /// <summary>The file belongs to something else: it is a database with other contents.</summary>
    ForeignSchema = 6,

    /// <summary>The file can't be opened: its folder is missing, it is a folder itself, or access is denied.</summary>
    CannotOpen = 7,

    /// <summary>Reading or writing failed.</summary>
    InputOutput = 8,

    /// <summary>The file was written by an older version of this package, in a form that this one doesn't read.</summary>
    OlderSchema = 9,
}
