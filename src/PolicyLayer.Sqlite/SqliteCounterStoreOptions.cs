using PolicyLayer.Counters;

namespace PolicyLayer.Sqlite;

/// <summary>What a <see cref="SqliteCounterStore"/> works with. Read once, when the store is made.</summary>
public sealed class SqliteCounterStoreOptions
{
    /// <summary>
    /// The database file. It is made if it doesn't exist; its folder isn't. Two more files appear beside it while it is open.
    /// </summary>
    public string Path { get; set; } = "";

    /// <summary>What a reservation waits for. <see cref="SqliteSynchronous.Full"/> by default.</summary>
    public SqliteSynchronous Synchronous { get; set; } = SqliteSynchronous.Full;

    /// <summary>How long to wait for other writers. 5 seconds by default, more than 0 and at most an hour.</summary>
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How many live counters it may hold in all; a call that needs one more is refused. 1,000,000 by default, at least 1.
    /// </summary>
    public int MaxCounters { get; set; } = 1_000_000;

    /// <summary>
    /// How many live counters one grant may hold, those of its sessions and those that it made for values included; a call that needs one
    /// more is refused. 10,000 by default, at least 1.
    /// </summary>
    public int MaxCountersPerGrant { get; set; } = 10_000;

    /// <summary>
    /// The clock of the deadline, and of <see cref="PolicyLayer.Counters.ICounterInventory"/>. Windows go by the requests' times.
    /// </summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    internal SqliteFileOptions File => new(Path, Synchronous, Deadline, TimeProvider);

    internal void Validate()
    {
        File.Validate();
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxCounters, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxCountersPerGrant, 1);
    }
}
