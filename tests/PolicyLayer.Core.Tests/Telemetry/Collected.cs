using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace PolicyLayer.Tests.Telemetry;

/// <summary>
/// What OpenTelemetry collects of the source and the meter <c>PolicyLayer</c> while it lives. Only for tests that run alone: there is one
/// source and one meter in the process, and other tests count on nobody listening.
/// </summary>
internal sealed class Collected : IDisposable
{
    private readonly List<Activity> _spans = [];
    private readonly List<MetricSnapshot> _metrics = [];
    private readonly TracerProvider _tracing;
    private readonly MeterProvider _metering;

    public Collected()
    {
        _tracing = Sdk.CreateTracerProviderBuilder()
            .AddSource("PolicyLayer").SetSampler(new AlwaysOnSampler()).AddInMemoryExporter(_spans).Build();
        _metering = Sdk.CreateMeterProviderBuilder().AddMeter("PolicyLayer").AddInMemoryExporter(_metrics).Build();
    }

    /// <summary>The spans that have ended.</summary>
    public IReadOnlyList<Activity> Spans => _spans;

    /// <summary>The only span that has ended.</summary>
    public Activity Span => Assert.Single(_spans);

    public static Dictionary<string, object?> TagsOf(Activity span) => new(span.TagObjects);

    /// <summary>What was measured until now.</summary>
    public IReadOnlyList<MetricSnapshot> Metrics()
    {
        _metrics.Clear();
        Assert.True(_metering.ForceFlush());
        return _metrics;
    }

    /// <summary>The points of a metric, each by its attributes as <c>name=value</c> in ordinal order.</summary>
    public Dictionary<string, MetricPoint> Points(string metric) =>
        Metrics().Where(snapshot => snapshot.Name == metric).SelectMany(snapshot => snapshot.MetricPoints).ToDictionary(Describe);

    public void Dispose()
    {
        _tracing.Dispose();
        _metering.Dispose();
    }

    private static string Describe(MetricPoint point)
    {
        var tags = new List<string>();
        foreach ((string name, object? value) in point.Tags)
        {
            tags.Add($"{name}={value}");
        }

        return string.Join(' ', tags.Order(StringComparer.Ordinal));
    }
}
