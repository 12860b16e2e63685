using System.Diagnostics;
using PolicyLayer.Approvals;
using PolicyLayer.Auditing;
using PolicyLayer.Counters;
using PolicyLayer.Grants;
using PolicyLayer.Tests.Authorization;

namespace PolicyLayer.Tests.Telemetry;

/// <summary>A decision is a span, which says by whom the tool was judged and how.</summary>
[Collection(ListeningAlone.Name)]
public sealed class DecisionSpanTests : IDisposable
{
    private const string Document = """
        { "version": "1", "name": "spans", "default": "deny", "hide": ["buried", "lost_*"],
          "tools": {
            "read": { "risk": "read" }, "run": { "rate_limit": "9/minute" }, "ask": { "action": "require_approval" }, "none": {},
            "get_*": {}, "get_all_*": { "action": "deny" }, "lost_key": {},
            "late": { "after": [
              { "tool": "early", "within": "hour", "scope": "grant" }, { "tool": "get_early", "within": "hour", "scope": "grant" }] } } }
        """;

    private readonly Collected _collected = new();
    private readonly StubStore _store = new();

    public void Dispose() => _collected.Dispose();

    [Fact]
    public async Task An_allowed_call_is_a_span()
    {
        ToolCallDecision decision = await Authorizer().AuthorizeAsync(new ToolCall("read"));
        Activity span = _collected.Span;
        Assert.Equal(("authorize_tool read", ActivityKind.Internal), (span.DisplayName, span.Kind));
        Assert.Equal((ActivityStatusCode.Unset, "PolicyLayer", "0.1.0"), (span.Status, span.Source.Name, span.Source.Version));
        Assert.Equivalent(
            new Dictionary<string, object?>
            {
                ["gen_ai.operation.name"] = "execute_tool",
                ["gen_ai.tool.name"] = "read",
                ["policylayer.decision.id"] = decision.DecisionId,
                ["policylayer.decision.outcome"] = "allow",
                ["policylayer.decision.code"] = "allowed",
                ["policylayer.policy.name"] = "spans",
                ["policylayer.policy.revision"] = Policy.Parse(Document).Revision,
                ["policylayer.tool.risk"] = "read",
            },
            Collected.TagsOf(span),
            strict: true);
    }

    [Fact]
    public async Task A_denied_call_is_one_too_and_no_error()
    {
        ToolCallDecision decision = await Authorizer().AuthorizeAsync(new ToolCall("get_all_names"));
        Dictionary<string, object?> tags = Collected.TagsOf(_collected.Span);
        Assert.Equal(("deny", "action_deny"), (tags["policylayer.decision.outcome"], tags["policylayer.decision.code"]));
        Assert.Equal("/tools/get_all_*/action", tags["policylayer.decision.rule"]);
        Assert.Equal(decision.Rule, tags["policylayer.decision.rule"]);
        Assert.Equal(ActivityStatusCode.Unset, _collected.Span.Status);
        Assert.DoesNotContain("error.type", tags.Keys);
    }

    [Fact]
    public async Task A_call_that_waits_for_a_person_says_so()
    {
        await Authorizer().AuthorizeAsync(new ToolCall("ask"));
        Dictionary<string, object?> tags = Collected.TagsOf(_collected.Span);
        Assert.Equal("approval_required", tags["policylayer.decision.outcome"]);
        Assert.Equal("approval_required", tags["policylayer.decision.code"]);
    }

    [Fact]
    public async Task What_breaks_is_an_error()
    {
        _store.Reserve = _ => throw new IOException("no route");
        await Authorizer().AuthorizeAsync(new ToolCall("run"));
        Assert.Equal(ActivityStatusCode.Error, _collected.Span.Status);
        Assert.Equal("counter_store_unavailable", Collected.TagsOf(_collected.Span)["error.type"]);
    }

    [Fact]
    public async Task A_host_that_gives_up_ends_the_span_without_a_decision()
    {
        using var cancellation = new CancellationTokenSource();
        var never = new TaskCompletionSource<CounterReservation>();
        _store.Reserve = _ => new(never.Task);
        Task<ToolCallDecision> pending = Authorizer().AuthorizeAsync(new ToolCall("run"), cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);
        Assert.Equal(("authorize_tool", ActivityStatusCode.Error), (_collected.Span.DisplayName, _collected.Span.Status));
        Assert.StartsWith("System.", (string)Collected.TagsOf(_collected.Span)["error.type"]!, StringComparison.Ordinal);
        Assert.Empty(_collected.Points("policylayer.decisions"));
    }

    [Theory]
    [InlineData("read", "read")]
    [InlineData("none", "none")]
    [InlineData("buried", "buried")]
    [InlineData("get_early", "get_early")]
    [InlineData("early", "_OTHER")]
    [InlineData("get_one", "get_*")]
    [InlineData("get_all_names", "get_all_*")]
    [InlineData("lost_key", "lost_key")]
    [InlineData("lost_x", "_OTHER")]
    [InlineData("READ", "_OTHER")]
    [InlineData("what an agent made up", "_OTHER")]
    [InlineData("", "_OTHER")]
    [InlineData("get_\ud800", "get_*")]
    public async Task A_tool_stands_as_the_policy_names_it(string tool, string expected)
    {
        await Authorizer().AuthorizeAsync(new ToolCall(tool));
        Assert.Equal(expected, Collected.TagsOf(_collected.Span)["gen_ai.tool.name"]);
        Assert.Equal("authorize_tool " + expected, _collected.Span.DisplayName);
    }

    [Fact]
    public async Task A_grant_has_the_words_of_its_policy_and_one_that_is_unknown_has_none()
    {
        Policy other = Policy.Parse("""{ "version": "1", "name": "other", "default": "deny", "tools": { "mine": {} } }""");
        var authorizer = new ToolCallAuthorizer([Policy.Parse(Document), other], new ToolCallAuthorizerOptions
        {
            Grants = new GrantDirectory([new Grant("a"), new Grant("b") { PolicyName = "other" }]),
        });
        foreach (string grant in new[] { "a", "b", "c" })
        {
            await authorizer.AuthorizeAsync(new ToolCall("mine") { GrantId = grant });
        }

        Assert.Equal(
            [("_OTHER", "spans"), ("mine", "other"), ("_OTHER", null)],
            _collected.Spans.Select(Collected.TagsOf).Select(tags =>
                ((string)tags["gen_ai.tool.name"]!, (string?)tags.GetValueOrDefault("policylayer.policy.name"))));
        Assert.DoesNotContain("policylayer.policy.revision", Collected.TagsOf(_collected.Spans[2]).Keys);
    }

    [Fact]
    public async Task What_is_done_meanwhile_belongs_to_the_span_and_what_comes_after_does_not()
    {
        Activity? seen = null;
        _store.Reserve = async _ =>
        {
            await Task.Yield();
            seen = Activity.Current;
            return CounterReservation.Admitted();
        };
        using Activity request = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start();
        await Authorizer().AuthorizeAsync(new ToolCall("run"));
        Assert.Same(_collected.Span, seen);
        Assert.Equal(request.SpanId, _collected.Span.ParentSpanId);
        Assert.Same(request, Activity.Current);
    }

    [Fact]
    public void What_a_caller_got_wrong_is_thrown_at_once_and_is_no_span()
    {
        var authorizer = new ToolCallAuthorizer(Policy.Parse(Document));
        Assert.Throws<ArgumentException>(() => TestPolicies.Now(authorizer.AuthorizeAsync(default)));
        var nobody = Assert.Throws<InvalidOperationException>(() => TestPolicies.Now(authorizer.AuthorizeAsync(new ToolCall("read"))));
        Assert.StartsWith("No grant is named.", nobody.Message, StringComparison.Ordinal);
        Task<ToolCallDecision> cancelled = authorizer
            .AuthorizeAsync(new ToolCall("read") { GrantId = "g" }, new CancellationToken(canceled: true)).AsTask();
        Assert.True(cancelled.IsCanceled);
        Assert.Empty(_collected.Spans);
    }

    [Fact]
    public async Task Calls_that_are_recorded_approved_or_continued_are_judged_as_ever()
    {
        var sink = new InMemoryAuditSink();
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(Document, options => options.AuditSinks.Add(sink));
        var call = new ToolCall("ask") { MayContinue = true };
        ToolCallDecision asked = await authorizer.AuthorizeAsync(call);
        await authorizer.Approvals.ApproveAsync(asked.ApprovalId!, new Approver("alice"));
        ToolCallDecision first = await authorizer.AuthorizeAsync(call);
        ToolCallDecision second = await authorizer.AuthorizeAsync(call with { Continues = first.DecisionId });
        Assert.True(second.IsAllowed);
        Assert.True(await authorizer.CompleteAsync(second, ToolCallOutcome.Succeeded));
        Assert.Equal(
            [asked.DecisionId, first.DecisionId, second.DecisionId],
            _collected.Spans.Select(span => Collected.TagsOf(span)["policylayer.decision.id"]));
        IEnumerable<AuditRecord> decisions = sink.Records.Where(record => record.Kind == AuditRecordKind.Decision);
        Assert.Equal(_collected.Spans.Select(span => span.TraceId.ToHexString()), decisions.Take(3).Select(record => record.TraceId));
    }

    private ToolCallAuthorizer Authorizer() => TestPolicies.Authorizer(Document, options => options.Counters = _store);
}
