using Microsoft.Extensions.Time.Testing;
using OpenTelemetry.Metrics;
using PolicyLayer.Approvals;
using PolicyLayer.Auditing;
using PolicyLayer.Counters;
using PolicyLayer.Grants;
using PolicyLayer.Telemetry;
using PolicyLayer.Tests.Authorization;

namespace PolicyLayer.Tests.Telemetry;

/// <summary>Decisions, waits, faults and drops are counted and measured while somebody listens.</summary>
[Collection(ListeningAlone.Name)]
public sealed class MetricTests : IDisposable
{
    private const string Document = """
        { "version": "1", "name": "metrics", "default": "deny",
          "tools": { "read": {}, "get_*": {}, "run": { "rate_limit": "9/minute" }, "ask": { "action": "require_approval" } } }
        """;

    private readonly Collected _collected = new();
    private readonly FakeTimeProvider _clock = TestPolicies.ClockAt("2026-01-01T00:00:00Z");
    private readonly StubStore _store = new();

    public void Dispose() => _collected.Dispose();

    [Fact]
    public async Task Decisions_are_counted_by_tool_outcome_and_code()
    {
        ToolCallAuthorizer authorizer = Authorizer();
        foreach (string tool in new[] { "read", "get_a", "get_b", "invented", "made_up", "read", "ask" })
        {
            await authorizer.AuthorizeAsync(new ToolCall(tool));
        }

        Assert.Equal(
            [
                (Decided("_OTHER", "not_listed", "deny"), 2),
                (Decided("ask", "approval_required", "approval_required"), 1),
                (Decided("get_*", "allowed", "allow"), 2),
                (Decided("read", "allowed", "allow"), 2),
            ],
            _collected.Points("policylayer.decisions")
                .Select(point => (point.Key, point.Value.GetSumLong())).OrderBy(point => point.Key, StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_decision_s_duration_goes_by_the_host_s_clock_and_has_waits_in_it()
    {
        _store.Reserve = _ =>
        {
            _clock.Advance(TimeSpan.FromMilliseconds(1_500));
            return new(CounterReservation.Admitted());
        };
        await Authorizer().AuthorizeAsync(new ToolCall("run"));
        await Authorizer().AuthorizeAsync(new ToolCall("read"));
        MetricPoint point = _collected.Points("policylayer.decision.duration")[
            "policylayer.decision.outcome=allow policylayer.policy.name=metrics"];
        Assert.Equal((2, 1.5), (point.GetHistogramCount(), point.GetHistogramSum()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Waits_for_the_counter_store_are_measured(bool later)
    {
        _store.Reserve = async _ => { await PassAsync(later, 20); return CounterReservation.Admitted(); };
        _store.Release = async _ => await PassAsync(later, 30);
        ToolCallAuthorizer authorizer = Authorizer();
        ToolCallDecision decision = await authorizer.AuthorizeAsync(new ToolCall("run"));
        await authorizer.CompleteAsync(decision, ToolCallOutcome.NotExecuted);
        AssertWaited("counter_reserve", "Counters", 0.02);
        AssertWaited("counter_release", "Counters", 0.03);

        _store.Reserve = async _ => { await PassAsync(later, 40); throw new IOException(); };
        _store.Release = async _ => { await PassAsync(later, 50); throw new InvalidOperationException(); };
        await authorizer.AuthorizeAsync(new ToolCall("run"));
        _store.Reserve = _ => new(CounterReservation.Admitted());
        decision = await authorizer.AuthorizeAsync(new ToolCall("run"));
        await authorizer.CompleteAsync(decision, ToolCallOutcome.NotExecuted);
        AssertWaited("counter_reserve", "Counters", 0.04, "System.IO.IOException");
        AssertWaited("counter_release", "Counters", 0.05, "System.InvalidOperationException");
    }

    [Fact]
    public async Task A_wait_ends_with_its_time()
    {
        var never = new TaskCompletionSource<CounterReservation>();
        _store.Reserve = _ => new(never.Task);
        Task<ToolCallDecision> pending = Authorizer().AuthorizeAsync(new ToolCall("run")).AsTask();
        _clock.Advance(TimeSpan.FromSeconds(5));
        await pending;
        AssertWaited("counter_reserve", "Counters", 5, "System.TimeoutException");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Waits_for_sinks_are_measured_each_by_its_place(bool later)
    {
        var slow = new StubSink { Write = async _ => await PassAsync(later, 100) };
        var broken = new StubSink { Write = async _ => { await PassAsync(later, 200); throw new IOException(); } };
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(Document, options =>
        {
            options.TimeProvider = _clock;
            options.AuditSinks.Add(slow);
            options.AuditSinks.Add(broken);
        });
        await authorizer.AuthorizeAsync(new ToolCall("read"));

        // The allow, and its correction: both sinks are given that at once, so that the second's time passes for the first too.
        Assert.Equal(2, Waits("audit_write", "AuditSinks[0]").GetHistogramCount());
        Assert.Equal(2, Waits("audit_write", "AuditSinks[1]", "System.IO.IOException").GetHistogramCount());
        Assert.InRange(Waits("audit_write", "AuditSinks[1]", "System.IO.IOException").GetHistogramSum(), 0.4, 0.6);
    }

    [Fact]
    public async Task Waits_for_grants_and_approvals_are_measured()
    {
        var approvals = new StubApprovals();
        bool isBroken = false;
        var authorizer = new ToolCallAuthorizer(Policy.Parse(Document), new ToolCallAuthorizerOptions
        {
            TimeProvider = _clock,
            Approvals = approvals,
            Grants = new Resolver(() => isBroken ? throw new IOException() : new Grant("g")),
        });
        var call = new ToolCall("ask") { GrantId = "g" };
        ToolCallDecision asked = await authorizer.AuthorizeAsync(call);
        await authorizer.Approvals.ApproveAsync(asked.ApprovalId!, new Approver("alice"));
        ToolCallDecision spent = await authorizer.AuthorizeAsync(call);
        Assert.True(await authorizer.CompleteAsync(spent, ToolCallOutcome.NotExecuted));
        approvals.Spend = (_, _) => throw new IOException();
        await authorizer.AuthorizeAsync(call);
        approvals.Ask = (_, _) => throw new IOException();
        await authorizer.AuthorizeAsync(call);
        isBroken = true;
        await authorizer.AuthorizeAsync(call);

        Assert.Equal(4, Waits("grant_resolve", "Grants").GetHistogramCount());
        Assert.Equal(1, Waits("grant_resolve", "Grants", "System.IO.IOException").GetHistogramCount());
        Assert.Equal(3, Waits("approval_ask", "Approvals").GetHistogramCount());
        Assert.Equal(1, Waits("approval_ask", "Approvals", "System.IO.IOException").GetHistogramCount());
        Assert.Equal(1, Waits("approval_spend", "Approvals").GetHistogramCount());
        Assert.Equal(1, Waits("approval_spend", "Approvals", "System.IO.IOException").GetHistogramCount());
        Assert.Equal(1, Waits("approval_return", "Approvals").GetHistogramCount());
    }

    [Fact]
    public async Task A_wait_that_the_host_gave_up_is_not_told()
    {
        using var cancellation = new CancellationTokenSource();
        var never = new TaskCompletionSource<CounterReservation>();
        _store.Reserve = _ => new(never.Task);
        Task<ToolCallDecision> pending = Authorizer().AuthorizeAsync(new ToolCall("run"), cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);
        Assert.Empty(_collected.Points("policylayer.operation.duration"));
    }

    [Fact]
    public async Task Faults_are_counted_without_anybody_else_who_hears_of_them()
    {
        _store.Reserve = _ => throw new IOException();
        ToolCallAuthorizer authorizer = Authorizer();
        await authorizer.AuthorizeAsync(new ToolCall("run"));
        await authorizer.AuthorizeAsync(new ToolCall("run"));
        KeyValuePair<string, MetricPoint> point = Assert.Single(_collected.Points("policylayer.faults"));
        Assert.Equal(Waited("counter_reserve", "Counters", "System.IO.IOException"), point.Key);
        Assert.Equal(2, point.Value.GetSumLong());
    }

    [Fact]
    public void Every_kind_of_fault_has_a_word() =>
        Assert.All(Enum.GetValues<FaultKind>(), kind => Assert.Matches("^[a-z_]+$", Operations.Names.TextOf(kind)));

    [Fact]
    public async Task Dropped_records_are_counted()
    {
        var never = new TaskCompletionSource();
        using (var sink = new BestEffortAuditSink(
            new StubSink { Write = _ => new(never.Task) }, new BestEffortAuditSinkOptions { Capacity = 1, TimeProvider = _clock }))
        {
            ToolCallAuthorizer authorizer = TestPolicies.Authorizer(Document, options => options.AuditSinks.Add(sink));
            for (int i = 0; i < 20; i++)
            {
                await authorizer.AuthorizeAsync(new ToolCall("read"));
            }

            // Before anything can fail: disposing waits for it.
            never.SetResult();
            Assert.InRange(sink.Dropped, 18, 19);
            Assert.Equal(sink.Dropped, Assert.Single(_collected.Points("policylayer.audit.queue.drops")).Value.GetSumLong());
        }
    }

    [Fact]
    public async Task A_clock_that_fails_only_leaves_durations_out()
    {
        var faults = new List<Fault>();
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(
            Document, options => (options.TimeProvider, options.FaultListener) = (new BrokenClock(), new FaultList(faults)));
        Assert.True((await authorizer.AuthorizeAsync(new ToolCall("read"))).IsAllowed);
        Assert.Empty(faults);
        Assert.Equal(1, Assert.Single(_collected.Points("policylayer.decisions")).Value.GetSumLong());
        Assert.Empty(_collected.Points("policylayer.decision.duration"));
    }

    private static string Decided(string tool, string code, string outcome) =>
        $"gen_ai.tool.name={tool} policylayer.decision.code={code} policylayer.decision.outcome={outcome} policylayer.policy.name=metrics";

    private static string Waited(string operation, string place, string? failure = null) =>
        (failure is null ? "" : $"error.type={failure} ")
        + $"policylayer.operation.name={operation} policylayer.operation.place={place}";

    private ToolCallAuthorizer Authorizer() =>
        TestPolicies.Authorizer(Document, options => (options.Counters, options.TimeProvider) = (_store, _clock));

    private async Task PassAsync(bool later, int milliseconds)
    {
        if (later)
        {
            await Task.Yield();
        }

        _clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
    }

    private void AssertWaited(string operation, string place, double seconds, string? failure = null)
    {
        MetricPoint point = Waits(operation, place, failure);
        Assert.Equal(1, point.GetHistogramCount());
        Assert.Equal(seconds, point.GetHistogramSum(), 6);
    }

    private MetricPoint Waits(string operation, string place, string? failure = null) =>
        _collected.Points("policylayer.operation.duration")[Waited(operation, place, failure)];

    private sealed class Resolver(Func<Grant?> resolve) : IGrantResolver
    {
        public ValueTask<Grant?> ResolveAsync(GrantRequest request, CancellationToken cancellationToken = default) => new(resolve());
    }

    private sealed class BrokenClock : TimeProvider
    {
        public override long GetTimestamp() => throw new InvalidOperationException("no time");
    }
}
