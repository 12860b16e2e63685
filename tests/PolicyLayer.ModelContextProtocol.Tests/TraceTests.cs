using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using PolicyLayer.Auditing;

namespace PolicyLayer.Tests.Mcp;

/// <summary>A call belongs to the trace that its request's <c>_meta</c> names.</summary>
public sealed class TraceTests
{
    private const string Policy = """{ "version": "1", "default": "deny", "tools": { "echo": {}, "shout": {} } }""";
    private const string Parent = "00f067aa0ba902b7";

    private readonly TestTools _tools = new();

    [Theory]
    [InlineData(GuardedServer.November2025)]
    [InlineData(GuardedServer.July2026)]
    public async Task The_span_and_the_records_are_of_the_caller_s_trace(string revision)
    {
        string trace = ActivityTraceId.CreateRandom().ToHexString();
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "PolicyLayer",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span => Keep(span, trace, spans),
        };
        ActivitySource.AddActivityListener(listener);
        await using GuardedServer server = GuardedServer.Start(Policy, _tools);
        using RawClient client = await server.OpenRaw(revision).ReadyAsync();

        await CallAsync(client, $$""" "traceparent":"00-{{trace}}-{{Parent}}-01","tracestate":"vendor=1" """);

        Activity span = Assert.Single(spans);
        Assert.Equal(
            ("authorize_tool echo", Parent, "vendor=1"),
            (span.DisplayName, span.ParentSpanId.ToHexString(), span.TraceStateString));
        Assert.Equal(trace, server.Audit.Records.First(record => record.Kind == AuditRecordKind.Decision).TraceId);
        Assert.Equal(["echo(x)"], _tools.Ran);
    }

    [Theory]
    [InlineData(""" "traceparent":7 """)]
    [InlineData(""" "traceparent":{"a":1},"tracestate":[] """)]
    [InlineData(""" "traceparent":"not one" """)]
    [InlineData(""" "tracestate":"vendor=1" """)]
    public async Task What_names_no_trace_changes_nothing(string members)
    {
        await using GuardedServer server = GuardedServer.Start(Policy, _tools);
        using RawClient client = await server.OpenRaw(GuardedServer.July2026).ReadyAsync();

        JsonNode answer = await CallAsync(client, members);

        Assert.Equal("echo: x", (string?)answer["result"]?["content"]![0]!["text"]);
        Assert.All(server.Audit.Records, record => Assert.Null(record.TraceId));
    }

    private static void Keep(Activity span, string trace, ConcurrentQueue<Activity> spans)
    {
        if (span.TraceId.ToHexString() == trace)
        {
            spans.Enqueue(span);
        }
    }

    private static Task<JsonNode> CallAsync(RawClient client, string members)
    {
        string meta = client.Meta.TrimEnd()[..^1].TrimEnd();
        return client.SendAsync(
            "tools/call",
            $$"""{ "name":"echo","arguments":{"text":"x"}, {{meta}}{{(meta.EndsWith('{') ? "" : ",")}}{{members}} } }""");
    }
}
