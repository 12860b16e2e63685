namespace PolicyLayer.Sqlite;

/// <summary>What an operation waits for before it is done (SQLite's <c>synchronous</c>).</summary>
public enum SqliteSynchronous
{
    /// <summary>Until the disk has it: nothing that was admitted or approved is forgotten, not even when power fails.</summary>
    Full = 0,

    /// <summary>Until the operating system has it: a power failure may lose the last operations, the end of a process doesn't.</summary>
    Normal = 1,

    /// <summary>As <see cref="Normal"/>, and a power failure may damage the file. For tests.</summary>
    Off = 2,
}
