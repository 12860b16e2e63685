using System.Diagnostics;
using PolicyLayer.Auditing;

namespace PolicyLayer.Tests.Telemetry;

/// <summary>A caller's traceparent is taken up, by the span and by the record, and nothing that isn't one is.</summary>
[Collection(ListeningAlone.Name)]
public sealed class CallerTraceTests
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string Parent = "00f067aa0ba902b7";
    private const string TraceParent = $"00-{Trace}-{Parent}-01";

    private readonly InMemoryAuditSink _sink = new();

    [Fact]
    public async Task The_caller_s_span_is_the_parent()
    {
        using var collected = new Collected();
        await AuthorizeAsync(new ToolCall("t") { TraceParent = TraceParent, TraceState = "rojo=00f067aa0ba902b7" });
        Activity span = collected.Span;
        Assert.Equal((Trace, Parent), (span.TraceId.ToHexString(), span.ParentSpanId.ToHexString()));
        Assert.True(span.HasRemoteParent);
        Assert.Equal("rojo=00f067aa0ba902b7", span.TraceStateString);
        Assert.Empty(span.Links);
        Assert.Equal(Trace, Recorded);
    }

    [Fact]
    public async Task An_activity_of_another_trace_is_linked()
    {
        using var collected = new Collected();
        using Activity request = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start();
        await AuthorizeAsync(new ToolCall("t") { TraceParent = TraceParent });
        Assert.Equal((Trace, Parent), (collected.Span.TraceId.ToHexString(), collected.Span.ParentSpanId.ToHexString()));
        Assert.Equal(request.SpanId, Assert.Single(collected.Span.Links).Context.SpanId);
        Assert.Equal(Trace, Recorded);
        Assert.Same(request, Activity.Current);
    }

    [Fact]
    public async Task An_activity_of_the_same_trace_is_nearer()
    {
        using var collected = new Collected();
        using Activity request = new Activity("request").SetParentId(TraceParent).Start();
        await AuthorizeAsync(new ToolCall("t") { TraceParent = TraceParent });
        Assert.Equal((Trace, request.SpanId), (collected.Span.TraceId.ToHexString(), collected.Span.ParentSpanId));
        Assert.Empty(collected.Span.Links);
        Assert.Equal(Trace, Recorded);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData(Trace)]
    [InlineData($"00-{Trace}-{Parent}")]
    [InlineData($"00-{Trace}-{Parent}-0")]
    [InlineData($"00-{Trace}-{Parent}-zz")]
    [InlineData($"ff-{Trace}-{Parent}-01")]
    [InlineData($"00-4BF92F3577B34DA6A3CE929D0E0E4736-{Parent}-01")]
    [InlineData($"00-00000000000000000000000000000000-{Parent}-01")]
    [InlineData($"00-{Trace}-0000000000000000-01")]
    [InlineData($"00_{Trace}_{Parent}_01")]
    [InlineData($"00-{Trace}-{Parent}-01 ")]
    public async Task One_that_is_not_well_formed_is_passed_over(string malformed)
    {
        using Activity request = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start();
        await AuthorizeAsync(new ToolCall("t") { TraceParent = malformed, TraceState = "a=b" });
        Assert.Equal(request.TraceId.ToHexString(), Recorded);

        using var collected = new Collected();
        await AuthorizeAsync(new ToolCall("t") { TraceParent = malformed, TraceState = "a=b" });
        Assert.Equal((request.TraceId, request.SpanId), (collected.Span.TraceId, collected.Span.ParentSpanId));
        Assert.Empty(collected.Span.Links);
        Assert.Equal(request.TraceId.ToHexString(), Recorded);
    }

    [Theory]
    [InlineData("a=b\r\nx: y")]
    [InlineData("a=ü")]
    [InlineData(null)]
    public async Task A_state_that_can_t_go_on_is_passed_over(string? state)
    {
        using var collected = new Collected();
        await AuthorizeAsync(new ToolCall("t") { TraceParent = TraceParent, TraceState = state });
        await AuthorizeAsync(new ToolCall("t") { TraceParent = TraceParent, TraceState = "a=" + new string('b', 511) });
        await AuthorizeAsync(new ToolCall("t") { TraceParent = TraceParent, TraceState = "a=" + new string('b', 510) });
        Assert.Equal([null, null, "a=" + new string('b', 510)], collected.Spans.Select(span => span.TraceStateString));
        Assert.All(collected.Spans, span => Assert.Equal(Trace, span.TraceId.ToHexString()));
    }

    [Fact]
    public async Task Where_nobody_listens_the_record_has_the_caller_s_trace()
    {
        await AuthorizeAsync(new ToolCall("t") { TraceParent = TraceParent });
        Assert.Equal(Trace, Recorded);
        using Activity request = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start();
        await AuthorizeAsync(new ToolCall("t") { TraceParent = TraceParent });
        Assert.Equal(Trace, Recorded);
        await AuthorizeAsync(new ToolCall("t"));
        Assert.Equal(request.TraceId.ToHexString(), Recorded);
    }

    [Fact]
    public async Task It_changes_no_decision_and_no_binding()
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(
            """{ "version": "1", "default": "deny", "tools": { "t": { "action": "require_approval" } } }""");
        ToolCallDecision plain = await authorizer.AuthorizeAsync(new ToolCall("t"));
        ToolCallDecision traced = await authorizer.AuthorizeAsync(new ToolCall("t") { TraceParent = TraceParent, TraceState = "a=b" });
        Assert.Equal(plain.ApprovalId, traced.ApprovalId);
        var call = new ToolCall("t") { TraceParent = TraceParent, TraceState = "a=b" };
        Assert.Equal((TraceParent, "a=b"), (call.TraceParent, call.TraceState));
        Assert.Equal((null, null), (new ToolCall("t").TraceParent, new ToolCall("t").TraceState));
    }

    private string? Recorded => _sink.Records[^1].TraceId;

    private async Task AuthorizeAsync(ToolCall call)
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(
            """{ "version": "1", "default": "allow" }""", options => options.AuditSinks.Add(_sink));
        Assert.True((await authorizer.AuthorizeAsync(call)).IsAllowed);
    }
}
