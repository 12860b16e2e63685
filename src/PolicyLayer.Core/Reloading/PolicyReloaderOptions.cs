namespace PolicyLayer;

/// <summary>How a <see cref="PolicyReloader"/> looks at its documents. Read once, when the reloader is made.</summary>
public sealed class PolicyReloaderOptions
{
    /// <summary>
    /// How often the documents are read, whether or not the file system says that they changed. A second by default, from 10 milliseconds
    /// to a day.
    /// </summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// For how long all documents must say the same before they are taken: whoever writes them may not be done. 50 milliseconds by
    /// default, from 0 to a minute.
    /// </summary>
    public TimeSpan SettleTime { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Whether the file system is asked to tell of changes, so that they are seen before the next poll. True by default; where it can't,
    /// polls do.
    /// </summary>
    public bool UseFileSystemEvents { get; set; } = true;

    /// <summary>
    /// Hears what came of each attempt to reload; null, the default, for nobody. When documents that were rejected say again what is in
    /// force, it hears that once, as an attempt that changed nothing. What it throws is passed over.
    /// </summary>
    public Action<PolicyReloadAttempt>? Listener { get; set; }

    /// <summary>The clock of polls; the system's by default.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(PollInterval, TimeSpan.FromMilliseconds(10));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(PollInterval, TimeSpan.FromDays(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(SettleTime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(SettleTime, TimeSpan.FromMinutes(1));
        ArgumentNullException.ThrowIfNull(TimeProvider);
    }
}
