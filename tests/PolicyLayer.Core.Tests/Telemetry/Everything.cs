using System.Diagnostics;
using System.Diagnostics.Metrics;
using PolicyLayer.Auditing;
using PolicyLayer.Counters;
using PolicyLayer.Tests.Authorization;

namespace PolicyLayer.Tests.Telemetry;

/// <summary>Calls that bring out every span, metric and attribute, each with secrets wherever an agent can put some.</summary>
internal sealed class Everything : IDisposable
{
    public const string Secret = "s3cr3t";

    private const string Document = """
        { "version": "1", "name": "everything", "default": "deny",
          "tools": {
            "read": { "arguments": { "properties": { "n": { "type": "integer" } }, "required": ["n"] } },
            "get_*": { "require": [{ "conditions": [{ "path": "args.v", "op": "eq", "value": "x" }] }] },
            "run": { "limits": [{ "counter": "c", "window": "day", "max": 9, "per": ["args.v"] }] },
            "ask": { "action": "require_approval" } } }
        """;

    private readonly List<Activity> _spans = [];
    private readonly ActivityListener _activities;
    private readonly MeterListener _meter;

    public Everything()
    {
        _activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "PolicyLayer",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _spans.Add,
        };
        ActivitySource.AddActivityListener(_activities);
        _meter = new MeterListener { InstrumentPublished = Publish };
        _meter.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Take(instrument, tags));
        _meter.SetMeasurementEventCallback<int>((instrument, _, tags, _) => Take(instrument, tags));
        _meter.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Take(instrument, tags));
        _meter.Start();
    }

    public IReadOnlyList<Activity> Spans => _spans;

    public Dictionary<string, Instrument> Instruments { get; } = [];

    /// <summary>What each metric had as attributes.</summary>
    public List<(string Metric, string Name, object? Value)> Tags { get; } = [];

    public async Task RunAsync()
    {
        var store = new StubStore();
        var broken = new StubSink();
        using var dropping = new BestEffortAuditSink(new InMemoryAuditSink());
        await dropping.DisposeAsync();
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(Document, options =>
        {
            options.Counters = store;
            options.AuditSinks.Add(broken);
            options.AuditSinks.Add(dropping);
        });
        string[] arguments = [$$"""{"v":"{{Secret}}","{{Secret}}":1}""", $$"""{"n":1,"v":"{{Secret}}"}""", "{"];
        foreach (string tool in new[] { "read", $"get_{Secret}", "run", "ask", Secret })
        {
            foreach (string json in arguments)
            {
                var call = new ToolCall(tool, ToolArguments.FromJson(json))
                {
                    GrantId = Secret,
                    SessionId = Secret,
                    Server = Secret,
                    TraceParent = Secret,
                    TraceState = Secret,
                };
                await authorizer.CompleteAsync(await authorizer.AuthorizeAsync(call), ToolCallOutcome.Succeeded);
            }
        }

        store.Reserve = _ => throw new IOException(Secret);
        broken.Write = _ => throw new IOException(Secret);
        foreach (string tool in new[] { "run", "read" })
        {
            await authorizer.AuthorizeAsync(new ToolCall(tool, ToolArguments.FromJson(arguments[1])));
        }

        await authorizer.ReloadAsync(new PolicyBundle([Policy.Parse(Document)]));
        _meter.RecordObservableInstruments();
        GC.KeepAlive(authorizer);
    }

    public void Dispose()
    {
        _activities.Dispose();
        _meter.Dispose();
    }

    private void Publish(Instrument instrument, MeterListener listener)
    {
        if (instrument.Meter.Name == "PolicyLayer")
        {
            Instruments.Add(instrument.Name, instrument);
            listener.EnableMeasurementEvents(instrument);
        }
    }

    private void Take(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (Tags)
        {
            foreach ((string name, object? value) in tags)
            {
                Tags.Add((instrument.Name, name, value));
            }
        }
    }
}
