using System.Globalization;
using PolicyLayer.Counters;
using PolicyLayer.Testing;

namespace PolicyLayer.Tests;

/// <summary>As many counters as it takes to see what a live one takes up.</summary>
public static class LiveCounters
{
    public static readonly int Count = LongTests.Choose(10_000, 100_000);

    private static readonly CounterDefinition Fixed = CaseStore.Definition("calls", CounterScope.Session, 3_600);
    private static readonly CounterDefinition Sliding = CaseStore.Definition(
        "calls", CounterScope.Session, 3_600, CounterAlgorithm.Sliding);

    /// <summary>A request for each counter, made beforehand: ids and requests are the host's.</summary>
    public static CounterRequest[] Requests(int sessionsOfGrant, bool isSliding)
    {
        CaseLimit[] limits = [new(isSliding ? Sliding : Fixed, CounterDemand.Largest)];
        return [.. Enumerable.Range(0, Count).Select(i => CaseStore.Request(
            limits, grantId: $"grant-{i / sessionsOfGrant}", sessionId: $"session-{i}"))];
    }

    public static void RequireAdmitted(CounterReservation reservation) =>
        Assert.Equal(CounterReservationStatus.Admitted, reservation.Status);

    /// <summary>Each takes up something, and no more than it may.</summary>
    public static void RequireSize(Action<string> report, string what, long bytesOfAll, long most)
    {
        long bytes = bytesOfAll / Count;
        report(string.Create(CultureInfo.InvariantCulture, $"{what}: {bytes} bytes a counter, of {Count} live ones."));
        Assert.InRange(bytes, 1, most);
    }
}
