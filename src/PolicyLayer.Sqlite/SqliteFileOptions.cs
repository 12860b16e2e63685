namespace PolicyLayer.Sqlite;

/// <summary>What every store works with, whatever it keeps in the file.</summary>
internal sealed record SqliteFileOptions(string Path, SqliteSynchronous Synchronous, TimeSpan Deadline, TimeProvider TimeProvider)
{
    /// <exception cref="ArgumentException">An option is out of range, or no path is given.</exception>
    public void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Path);
        ArgumentNullException.ThrowIfNull(TimeProvider);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)Synchronous, (uint)SqliteSynchronous.Off, nameof(Synchronous));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Deadline, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Deadline, TimeSpan.FromHours(1));
    }
}
