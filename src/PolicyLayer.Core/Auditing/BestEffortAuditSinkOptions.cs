using PolicyLayer.Telemetry;

namespace PolicyLayer.Auditing;

/// <summary>How a <see cref="BestEffortAuditSink"/> queues. Read once, when the sink is made. Not thread-safe.</summary>
public sealed class BestEffortAuditSinkOptions
{
    /// <summary>How many records wait at most; one that finds no room is dropped. 10,000 by default, from 1 to 10,000,000.</summary>
    public int Capacity { get; set; } = 10_000;

    /// <summary>
    /// How long the sink behind may take for one record; then the next one's turn has come. Five seconds by default, from a millisecond to
    /// an hour.
    /// </summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long disposing waits for the queue to empty; what waits longer is dropped. Five seconds by default, from a millisecond to an
    /// hour.
    /// </summary>
    public TimeSpan FlushTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Hears of records that the sink behind didn't take and of those that were dropped; null, the default, for nobody.</summary>
    public IFaultListener? FaultListener { get; set; }

    /// <summary>What times are measured by: the system's clock by default.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Capacity, 10_000_000);
        ThrowIfOutOfRange(Timeout, nameof(Timeout));
        ThrowIfOutOfRange(FlushTimeout, nameof(FlushTimeout));
        ArgumentNullException.ThrowIfNull(TimeProvider);
    }

    private static void ThrowIfOutOfRange(TimeSpan time, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.FromMilliseconds(1), name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(time, TimeSpan.FromHours(1), name);
    }
}
