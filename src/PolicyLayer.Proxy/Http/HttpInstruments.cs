using System.Diagnostics.Metrics;

namespace PolicyLayer.Proxy.Http;

/// <summary>The proxy's part of the meter <c>PolicyLayer</c>; <c>schema/telemetry.md</c> says what it means.</summary>
internal static class HttpInstruments
{
    private static readonly Meter Meter = new("PolicyLayer", typeof(HttpInstruments).Assembly.GetName().Version?.ToString(3));

    private static readonly Counter<long> Failures = Meter.CreateCounter<long>(
        "policylayer.proxy.authentication.failures", "{attempt}", "Requests that named no grant in force.");

    /// <summary>It never throws.</summary>
    public static void CountFailure(string reason)
    {
        try
        {
            Failures.Add(1, KeyValuePair.Create<string, object?>("policylayer.proxy.authentication.failure", reason));
        }
        catch (Exception)
        {
            // Who listens to the meter threw.
        }
    }
}
