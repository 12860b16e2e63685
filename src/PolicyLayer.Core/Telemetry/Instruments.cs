using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace PolicyLayer.Telemetry;

/// <summary>The activity source and the meter <c>PolicyLayer</c>, made once a process, and what is told as it happens.</summary>
internal static class Instruments
{
    private static readonly string? Version = typeof(Instruments).Assembly.GetName().Version?.ToString(3);

    /// <summary>From a microsecond, which most decisions take less than, to beyond the usual timeouts.</summary>
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries =
            [0.000001, 0.00001, 0.0001, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    public static readonly ActivitySource Activities = new(TelemetryNames.Source, Version);

    public static readonly Meter Meter = new(TelemetryNames.Source, Version);

    public static readonly Counter<long> Decisions = Meter.CreateCounter<long>(
        TelemetryNames.Decisions, "{decision}", "Decisions about tool calls.");

    public static readonly Histogram<double> DecisionDuration = Meter.CreateHistogram(
        TelemetryNames.DecisionDuration, "s", "How long decisions took, waits included.", tags: null, Seconds);

    public static readonly Histogram<double> OperationDuration = Meter.CreateHistogram(
        TelemetryNames.OperationDuration, "s", "How long stores, resolvers and sinks were waited for.", tags: null, Seconds);

    public static readonly Counter<long> Faults = Meter.CreateCounter<long>(
        TelemetryNames.Faults, "{fault}", "What broke and became a denial, or was passed over.");

    public static readonly Counter<long> QueueDrops = Meter.CreateCounter<long>(
        TelemetryNames.QueueDrops, "{record}", "Records that audit sinks of best effort dropped.");

    public static readonly Counter<long> Reloads = Meter.CreateCounter<long>(
        TelemetryNames.Reloads, "{reload}", "Reloads of policies and grants.");

    /// <summary>Whether anybody listens to decisions: asked on every call, and a few reads where nobody does.</summary>
    public static bool AreDecisionsWanted
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Activities.HasListeners() || Decisions.Enabled || DecisionDuration.Enabled;
    }

    /// <summary>It never throws.</summary>
    public static void CountReload(string outcome)
    {
        try
        {
            Reloads.Add(1, KeyValuePair.Create<string, object?>(TelemetryNames.ReloadOutcome, outcome));
        }
        catch (Exception)
        {
            // Who listens to the meter threw.
        }
    }
}
