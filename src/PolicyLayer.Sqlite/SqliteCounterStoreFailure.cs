namespace PolicyLayer.Sqlite;

/// <summary>Why a SQLite counter store couldn't answer.</summary>
public enum SqliteCounterStoreFailure
{
    /// <summary>Something else; the inner exception says what.</summary>
    Other = 0,

    /// <summary>Other writers held the file until the deadline.</summary>
    Locked,

    /// <summary>The file, its folder or its disk can't be written to.</summary>
    ReadOnly,

    /// <summary>The disk, or the file, is full.</summary>
    Full,

    /// <summary>The file isn't a database, or is damaged.</summary>
    Damaged,

    /// <summary>The file was written by a newer version of this package.</summary>
    NewerSchema,

    /// <summary>The file belongs to something else: it is a database with other contents.</summary>
    ForeignSchema,

    /// <summary>The file can't be opened: its folder is missing, it is a folder itself, or access is denied.</summary>
    CannotOpen,

    /// <summary>Reading or writing failed.</summary>
    InputOutput,
}
