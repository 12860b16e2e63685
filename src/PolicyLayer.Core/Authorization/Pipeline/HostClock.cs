using PolicyLayer.Authorization.Decisions;
using PolicyLayer.Telemetry;

namespace PolicyLayer.Authorization.Pipeline;

/// <summary>The host's clock, which may fail: then there is no time, the listener is told, and whatever needs one denies.</summary>
internal sealed class HostClock(TimeProvider time, FaultReporter faults)
{
    public const long NoTime = long.MinValue;

    /// <summary>What the options call the clock.</summary>
    public const string Place = "TimeProvider";

    public TimeProvider Provider => time;

    /// <summary>The time in milliseconds since the Unix epoch.</summary>
    public long ReadUnixMilliseconds(DecisionId id)
    {
        try
        {
            return time.GetUtcNow().ToUnixTimeMilliseconds();
        }
        catch (Exception e)
        {
            faults.Tell(FaultKind.Clock, Place, e, id.ToString());
            return NoTime;
        }
    }

    public DateTimeOffset? ReadTime(DecisionId id)
    {
        try
        {
            return time.GetUtcNow();
        }
        catch (Exception e)
        {
            faults.Tell(FaultKind.Clock, Place, e, id.ToString());
            return null;
        }
    }

    public long ReadTimestamp(DecisionId id)
    {
        try
        {
            return time.GetTimestamp();
        }
        catch (Exception e)
        {
            faults.Tell(FaultKind.Clock, Place, e, id.ToString());
            return NoTime;
        }
    }

    /// <summary>How long ago a timestamp was read, or null.</summary>
    public TimeSpan? ElapsedSince(long started, DecisionId id)
    {
        try
        {
            return started == NoTime ? null : time.GetElapsedTime(started);
        }
        catch (Exception e)
        {
            faults.Tell(FaultKind.Clock, Place, e, id.ToString());
            return null;
        }
    }
}
