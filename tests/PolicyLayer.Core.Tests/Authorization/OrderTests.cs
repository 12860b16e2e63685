using Microsoft.Extensions.Time.Testing;
using PolicyLayer.Auditing;
using PolicyLayer.Counters;
using PolicyLayer.Telemetry;

namespace PolicyLayer.Tests.Authorization;

/// <summary>Orders where something breaks or races: what can't be marked counts against the later call, never for it.</summary>
public sealed class OrderTests
{
    private const string Deploy = """
        { "version": "1", "default": "allow", "tools": {
            "deploy": { "after": [{ "tool": "test", "within": "hour", "scope": "grant" }] },
            "send": { "not_after": [{ "tool": "read", "within": "hour", "scope": "grant" }] } } }
        """;

    [Theory]
    [InlineData(ToolCallOutcome.Succeeded, DecisionCode.Allowed)]
    [InlineData(ToolCallOutcome.Failed, DecisionCode.OrderViolated)]
    [InlineData(ToolCallOutcome.NotExecuted, DecisionCode.OrderViolated)]
    public async Task A_call_may_follow_only_a_reported_success(ToolCallOutcome outcome, DecisionCode expected)
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(Deploy);
        ToolCallDecision test = await authorizer.AuthorizeAsync(new ToolCall("test"));
        Assert.Equal(DecisionCode.OrderViolated, (await authorizer.AuthorizeAsync(new ToolCall("deploy"))).Code);

        Assert.True(await authorizer.CompleteAsync(test, outcome));

        Assert.Equal(expected, (await authorizer.AuthorizeAsync(new ToolCall("deploy"))).Code);
    }

    [Theory]
    [InlineData(ToolCallOutcome.Succeeded, DecisionCode.OrderViolated)]
    [InlineData(ToolCallOutcome.Failed, DecisionCode.OrderViolated)]
    [InlineData(ToolCallOutcome.NotExecuted, DecisionCode.Allowed)]
    public async Task A_call_may_not_follow_one_that_ran_whatever_became_of_it(ToolCallOutcome outcome, DecisionCode expected)
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(Deploy);
        ToolCallDecision read = await authorizer.AuthorizeAsync(new ToolCall("read"));
        Assert.Equal(DecisionCode.OrderViolated, (await authorizer.AuthorizeAsync(new ToolCall("send"))).Code);

        await authorizer.CompleteAsync(read, outcome);

        Assert.Equal(expected, (await authorizer.AuthorizeAsync(new ToolCall("send"))).Code);
    }

    [Fact]
    public async Task A_success_that_the_store_does_not_take_is_none_and_the_host_is_told()
    {
        var faults = new List<FaultKind>();
        var store = new FailingStore();
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(
            Deploy, options => (options.Counters, options.FaultListener) = (store, new Listener(faults)));
        ToolCallDecision test = await authorizer.AuthorizeAsync(new ToolCall("test"));

        store.Fails = true;
        Assert.True(await authorizer.CompleteAsync(test, ToolCallOutcome.Succeeded));
        store.Fails = false;

        Assert.Equal([FaultKind.CounterReserve], faults);
        Assert.Equal(DecisionCode.OrderViolated, (await authorizer.AuthorizeAsync(new ToolCall("deploy"))).Code);
    }

    [Fact]
    public async Task A_store_that_fails_denies_calls_that_must_follow_and_calls_that_leave_marks()
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(Deploy, options => options.Counters = new FailingStore { Fails = true });

        Assert.Equal(DecisionCode.CounterStoreUnavailable, (await authorizer.AuthorizeAsync(new ToolCall("deploy"))).Code);
        ToolCallDecision read = await authorizer.AuthorizeAsync(new ToolCall("read"));
        Assert.Equal((DecisionCode.CounterStoreUnavailable, "/tools/send/not_after/0"), (read.Code, read.Rule));
    }

    [Fact]
    public async Task A_clock_that_fails_leaves_no_mark_of_success()
    {
        var clock = new BreakableClock();
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(Deploy, options => options.TimeProvider = clock);
        ToolCallDecision test = await authorizer.AuthorizeAsync(new ToolCall("test"));

        clock.IsBroken = true;
        Assert.True(await authorizer.CompleteAsync(test, ToolCallOutcome.Succeeded));
        clock.IsBroken = false;

        Assert.Equal(DecisionCode.OrderViolated, (await authorizer.AuthorizeAsync(new ToolCall("deploy"))).Code);
    }

    [Fact]
    public async Task An_allow_that_is_not_recorded_leaves_no_mark()
    {
        bool fails = true;
        var sink = new StubSink { Write = _ => fails ? throw new IOException() : ValueTask.CompletedTask };
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(Deploy, options => options.AuditSinks.Add(sink));
        Assert.Equal(DecisionCode.AuditUnavailable, (await authorizer.AuthorizeAsync(new ToolCall("read"))).Code);
        fails = false;

        Assert.True((await authorizer.AuthorizeAsync(new ToolCall("send"))).IsAllowed);
    }

    [Fact]
    public async Task Marks_are_no_counters_of_a_record()
    {
        var sink = new InMemoryAuditSink();
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(Deploy, options => options.AuditSinks.Add(sink));

        await authorizer.AuthorizeAsync(new ToolCall("read"));
        await authorizer.AuthorizeAsync(new ToolCall("send"));

        Assert.Equal([DecisionCode.Allowed, DecisionCode.OrderViolated], sink.Records.Select(record => record.Code));
        Assert.All(sink.Records, record => Assert.Empty(record.Counters));
    }

    [Fact]
    public async Task A_tool_without_an_entry_stays_as_unlisted_as_it_was()
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(Deploy);

        Assert.True((await authorizer.AuthorizeAsync(new ToolCall("READ"))).IsAllowed);
        Assert.Equal(DecisionCode.NotListed, (await authorizer.AuthorizeAsync(new ToolCall("SEND"))).Code);
    }

    [Fact]
    public async Task Two_racing_calls_never_both_pass()
    {
        const string Policy = """
            { "version": "1", "default": "deny", "tools": {
                "read": { "not_after": [{ "tool": "send", "within": "hour", "same": "args.k" }] },
                "send": { "not_after": [{ "tool": "read", "within": "hour", "same": "args.k" }] } } }
            """;
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(Policy);
        for (int i = 0; i < 500; i++)
        {
            var arguments = ToolArguments.FromJson($$"""{"k":{{i}}}""");
            using var start = new Barrier(2);
            Task<ToolCallDecision>[] calls = [.. ((string[])["read", "send"]).Select(tool => Task.Run(async () =>
            {
                start.SignalAndWait();
                return await authorizer.AuthorizeAsync(new ToolCall(tool, arguments) { SessionId = "s" });
            }))];
            ToolCallDecision[] decisions = await Task.WhenAll(calls);

            Assert.Single(decisions, decision => decision.IsAllowed);
            Assert.Single(decisions, decision => decision.Code == DecisionCode.OrderViolated);
        }
    }

    [Fact]
    public async Task A_success_ends_in_time_though_the_clock_was_ahead_when_it_was_reported()
    {
        var clock = new FakeTimeProvider(Start.AddDays(1));
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(Deploy, options => options.TimeProvider = clock);
        Assert.True(await authorizer.CompleteAsync(await authorizer.AuthorizeAsync(new ToolCall("test")), ToolCallOutcome.Succeeded));
        Assert.True((await authorizer.AuthorizeAsync(new ToolCall("deploy"))).IsAllowed);

        clock.AdjustTime(Start.AddHours(23));
        Assert.Equal(DecisionCode.OrderViolated, (await authorizer.AuthorizeAsync(new ToolCall("deploy"))).Code);

        Assert.True(await authorizer.CompleteAsync(await authorizer.AuthorizeAsync(new ToolCall("test")), ToolCallOutcome.Succeeded));
        Assert.True((await authorizer.AuthorizeAsync(new ToolCall("deploy"))).IsAllowed);
        clock.AdjustTime(Start.AddDays(1));
        Assert.Equal(DecisionCode.OrderViolated, (await authorizer.AuthorizeAsync(new ToolCall("deploy"))).Code);
    }

    [Fact]
    public async Task A_success_ends_in_time_though_another_counter_was_dropped_ahead_of_it()
    {
        const string Policy = """
            { "version": "1", "default": "deny", "tools": {
                "other": { "rate_limit": "100/second" },
                "test": {},
                "deploy": { "after": [{ "tool": "test", "within": "hour", "scope": "grant" }] } } }
            """;
        var clock = new FakeTimeProvider(Start.AddDays(30));
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(Policy, options => options.TimeProvider = clock);
        for (int i = 0; i < 20; i++)
        {
            await authorizer.AuthorizeAsync(new ToolCall("other") { GrantId = $"g{i}" });
            clock.AdjustTime(Start.AddDays(30).AddSeconds(5));
        }

        clock.AdjustTime(Start);
        Assert.True(await authorizer.CompleteAsync(await authorizer.AuthorizeAsync(new ToolCall("test")), ToolCallOutcome.Succeeded));
        Assert.True((await authorizer.AuthorizeAsync(new ToolCall("deploy"))).IsAllowed);
        clock.AdjustTime(Start.AddDays(29));
        Assert.Equal(DecisionCode.OrderViolated, (await authorizer.AuthorizeAsync(new ToolCall("deploy"))).Code);
    }

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private sealed class FailingStore : ICounterStore
    {
        private readonly InMemoryCounterStore _store = new();

        public bool Fails { get; set; }

        public ValueTask<CounterReservation> ReserveAsync(CounterRequest request, CancellationToken cancellationToken = default) =>
            Fails ? throw new IOException() : _store.ReserveAsync(request, cancellationToken);

        public ValueTask ReleaseAsync(CounterRelease release, CancellationToken cancellationToken = default) =>
            _store.ReleaseAsync(release, cancellationToken);
    }

    private sealed class Listener(List<FaultKind> faults) : IFaultListener
    {
        public void OnFault(Fault fault) => faults.Add(fault.Kind);
    }

    private sealed class BreakableClock : TimeProvider
    {
        public bool IsBroken { get; set; }

        public override DateTimeOffset GetUtcNow() => IsBroken ? throw new InvalidOperationException() : DateTimeOffset.UnixEpoch;
    }
}
