using System.Diagnostics.Metrics;

namespace PolicyLayer.Telemetry;

/// <summary>What is read from living objects when somebody asks. All objects of a kind are one sum, as none of them has a name.</summary>
internal static class LiveInstruments
{
    /// <summary>How many records wait in each queue before an audit sink.</summary>
    public static readonly LiveObjects<long> QueueLengths = new();

    /// <summary>How many counters each store in memory has.</summary>
    public static readonly LiveObjects<long> CounterCounts = new();

    /// <summary>How many requests wait in each approval store in memory.</summary>
    public static readonly LiveObjects<long> PendingApprovals = new();

    /// <summary>The policies that each authorizer judges by.</summary>
    public static readonly LiveObjects<IReadOnlyList<(string Name, string Revision)>> Policies = new();

    static LiveInstruments()
    {
        Meter meter = Instruments.Meter;
        meter.CreateObservableUpDownCounter(
            TelemetryNames.QueueLength, () => QueueLengths.Read().Sum(), "{record}", "Records that wait for audit sinks of best effort.");
        meter.CreateObservableUpDownCounter(
            TelemetryNames.CounterCount, () => CounterCounts.Read().Sum(), "{counter}", "Counters that stores in memory hold.");
        meter.CreateObservableUpDownCounter(
            TelemetryNames.PendingApprovals, () => PendingApprovals.Read().Sum(), "{approval}", "Requests that wait in memory.");
        meter.CreateObservableGauge(
            TelemetryNames.PolicyInfo, ReadPolicies, "{policy}", "1 for each policy that an authorizer judges by.");
    }

    private static IEnumerable<Measurement<int>> ReadPolicies() =>
        from policy in Policies.Read().SelectMany(policies => policies).Distinct()
        select new Measurement<int>(
            1,
            KeyValuePair.Create<string, object?>(TelemetryNames.PolicyName, policy.Name),
            KeyValuePair.Create<string, object?>(TelemetryNames.PolicyRevision, policy.Revision));
}
