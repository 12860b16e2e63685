using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace PolicyLayer.Telemetry;

/// <summary>
/// A wait for a store, a resolver or a sink, measured while somebody listens. It never throws, whatever a clock or a listener does. One
/// that isn't ended, as the host gave up, isn't told.
/// </summary>
internal readonly struct Wait
{
    private readonly TimeProvider? _time;
    private readonly long _started;

    private Wait(TimeProvider time, long started)
    {
        _time = time;
        _started = started;
    }

    public static Wait Begin(TimeProvider time) => Instruments.OperationDuration.Enabled ? Measure(time) : default;

    /// <param name="kind">What was being done.</param>
    /// <param name="place">What was waited for, as faults name it.</param>
    /// <param name="failure">Why it failed; null where it didn't.</param>
    public void End(FaultKind kind, string place, Exception? failure = null)
    {
        if (_time is not null)
        {
            Tell(kind, place, failure);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Wait Measure(TimeProvider time)
    {
        try
        {
            return new Wait(time, time.GetTimestamp());
        }
        catch (Exception)
        {
            // Without a time nothing is measured; who needs it for a decision tells of it.
            return default;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Tell(FaultKind kind, string place, Exception? failure)
    {
        try
        {
            var tags = new TagList
            {
                { TelemetryNames.Operation, Operations.Names.TextOf(kind) },
                { TelemetryNames.OperationPlace, place },
            };
            if (failure is not null)
            {
                tags.Add(TelemetryNames.ErrorType, failure.GetType().FullName);
            }

            Instruments.OperationDuration.Record(_time!.GetElapsedTime(_started).TotalSeconds, tags);
        }
        catch (Exception)
        {
            // A listener or the clock threw.
        }
    }
}
