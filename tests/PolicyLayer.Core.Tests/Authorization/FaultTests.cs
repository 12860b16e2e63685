using System.Text.Json;
using System.Threading.Tasks.Sources;
using PolicyLayer.Auditing;
using PolicyLayer.Counters;

namespace PolicyLayer.Tests.Authorization;

/// <summary>Whatever breaks, denies; cancellation alone propagates, and gives back what was reserved.</summary>
public sealed class FaultTests
{
    private const string Limited = """
        { "version": "1", "default": "allow", "tools": { "t": { "rate_limit": "1/minute" } } }
        """;

    [Fact]
    public async Task A_store_that_throws_denies()
    {
        foreach (ICounterStore store in new ICounterStore[]
        {
            new ScriptedStore { Reserve = (_, _) => throw new InvalidOperationException("down") },
            new ScriptedStore { Reserve = (_, _) => ValueTask.FromException<CounterReservation>(new TimeoutException()) },
            new ScriptedStore { Reserve = async (_, _) => { await Task.Yield(); throw new IOException(); } },
            new ScriptedStore { Reserve = (_, _) => throw new OperationCanceledException() },
            new ScriptedStore { Reserve = async (_, _) => { await Task.Yield(); throw new TaskCanceledException(); } },
            new ScriptedStore { Reserve = (_, _) => default },
            new ScriptedStore { Reserve = (_, _) => new(new BreaksWhenRead(), 0) },
        })
        {
            ToolCallAuthorizer authorizer = TestPolicies.Authorizer(Limited, options => options.Counters = store);
            ToolCallDecision decision = await authorizer.AuthorizeAsync(new ToolCall("t"));
            Assert.Equal(DecisionCode.CounterStoreUnavailable, decision.Code);
            Assert.Equal("/tools/t/rate_limit", decision.Rule);
        }
    }

    [Fact]
    public async Task A_store_at_its_bound_denies_with_its_own_code()
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(
            Limited, options => options.Counters = new ScriptedStore { Reserve = (_, _) => new(CounterReservation.AtCapacity()) });
        Assert.Equal(DecisionCode.CounterCapacity, (await authorizer.AuthorizeAsync(new ToolCall("t"))).Code);
    }

    [Fact]
    public async Task A_clock_that_fails_denies()
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(Limited, options => options.TimeProvider = new BrokenClock());
        Assert.Equal(DecisionCode.CounterStoreUnavailable, (await authorizer.AuthorizeAsync(new ToolCall("t"))).Code);
        Assert.True((await authorizer.AuthorizeAsync(new ToolCall("unlimited"))).IsAllowed);

        ToolCallAuthorizer audited = TestPolicies.Authorizer(Limited, options =>
        {
            options.TimeProvider = new BrokenClock();
            options.AuditSinks.Add(new InMemoryAuditSink());
        });
        Assert.Equal(DecisionCode.AuditUnavailable, (await audited.AuthorizeAsync(new ToolCall("unlimited"))).Code);
    }

    [Fact]
    public async Task A_clock_that_fails_denies_what_a_rule_reads_the_time_for()
    {
        const string timed = """
            { "version": "1", "default": "deny", "tools": {
              "forbidden": { "deny_if": [{ "conditions": [{ "path": "time.hour", "op": "gt", "value": 99 }] }] },
              "optional": { "require": [{ "conditions": [{ "path": "time.hour", "op": "gt", "value": 99, "optional": true }] }] },
              "as_operand": { "deny_if": [{ "any": [[{ "path": "args.x", "op": "eq", "value_from": "time.year" }]] }] },
              "named": { "require": [{ "conditions": [{ "path": "call.tool", "op": "eq", "value": "named" }] }] } } }
            """;
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(timed, options => options.TimeProvider = new BrokenClock());
        foreach (string tool in new[] { "forbidden", "optional", "as_operand" })
        {
            Assert.Equal(DecisionCode.InternalError, (await authorizer.AuthorizeAsync(new ToolCall(tool))).Code);
        }

        Assert.True((await authorizer.AuthorizeAsync(new ToolCall("named"))).IsAllowed);
    }

    [Fact]
    public async Task The_time_is_read_once_a_call_and_only_for_rules_that_ask()
    {
        const string timed = """
            { "version": "1", "default": "deny", "tools": { "plain": {}, "ruled": { "require": [
                { "conditions": [{ "path": "args.x", "op": "exists", "value": true }] }] },
              "timed": { "require": [{ "conditions": [
                { "path": "time.hour", "op": "gte", "value": 0 }, { "path": "time.year", "op": "gte", "value_from": "time.month" }] }] } } }
            """;
        var clock = new CountingClock();
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(timed, options => options.TimeProvider = clock);
        await authorizer.AuthorizeAsync(new ToolCall("plain"));
        await authorizer.AuthorizeAsync(new ToolCall("ruled"));
        Assert.Equal(0, clock.Reads);
        Assert.True((await authorizer.AuthorizeAsync(new ToolCall("timed"))).IsAllowed);
        Assert.True((await authorizer.AuthorizeAsync(new ToolCall("timed"))).IsAllowed);
        Assert.Equal(2, clock.Reads);
    }

    [Fact]
    public async Task A_release_says_what_was_reserved()
    {
        CounterRequest reserved = default;
        CounterRelease? released = null;
        object state = new();
        var store = new ScriptedStore
        {
            Reserve = (request, _) =>
            {
                reserved = request;
                return new(CounterReservation.Admitted(77, state));
            },
            Release = release => released = release,
        };
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(
            """
            { "version": "1", "default": "deny", "tools": { "t": { "limits": [
              { "counter": "a", "window": "day", "max": 10, "scope": "session", "increment_from": "args.n" },
              { "counter": "b", "window": "hour", "max": 10 }] } } }
            """,
            options => options.Counters = store);
        var call = new ToolCall("t", ToolArguments.FromJson("""{ "n": 2.5 }""")) { GrantId = "g", SessionId = "s" };
        await authorizer.CompleteAsync(await authorizer.AuthorizeAsync(call), ToolCallOutcome.NotExecuted);

        CounterRequest request = released!.Value.Request;
        Assert.Equal(2, request.Count);
        Assert.Equal(reserved[0], request[0]);
        Assert.Equal(reserved[1], request[1]);
        Assert.Equal(2_500_000, request[0].AmountMillionths);
        Assert.Equal(("g", "s", reserved.UnixMilliseconds), (request.GrantId, request.SessionId, request.UnixMilliseconds));
        Assert.Equal(77, released.Value.Reservation.Stamp);
        Assert.Same(state, released.Value.Reservation.State);
    }

    [Theory]
    [InlineData(1_500, 1_500L)]
    [InlineData(315_576_000_000, 315_576_000_000L)]
    [InlineData(long.MaxValue, 315_537_897_599_999L)]
    [InlineData(0, null)]
    [InlineData(long.MinValue, null)]
    public async Task The_wait_that_a_store_names_is_told_as_far_as_a_clock_can_show_it(long said, long? told)
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(
            Limited,
            options => options.Counters = new ScriptedStore { Reserve = (_, _) => new(CounterReservation.Refused([1_000_000], said)) });
        ToolCallDecision decision = await authorizer.AuthorizeAsync(new ToolCall("t"));
        Assert.Equal(DecisionCode.LimitExceeded, decision.Code);
        Assert.Equal(told, (long?)decision.RetryAfter?.TotalMilliseconds);
    }

    [Fact]
    public async Task A_host_that_gives_up_on_a_hanging_store_gets_its_cancellation_and_a_late_admission_goes_back()
    {
        var answer = new TaskCompletionSource<CounterReservation>();
        var released = new TaskCompletionSource<CounterRelease>();
        var store = new ScriptedStore
        {
            Reserve = (_, _) => new ValueTask<CounterReservation>(answer.Task),
            Release = release => released.TrySetResult(release),
        };
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(Limited, options => options.Counters = store);
        using var cancellation = new CancellationTokenSource();
        Task<ToolCallDecision> pending = authorizer.AuthorizeAsync(new ToolCall("t"), cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);

        answer.SetResult(CounterReservation.Admitted(42));
        CounterRelease release = await released.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(42, release.Reservation.Stamp);
        Assert.Equal("t_rate", release.Request[0].Key.Definition.CounterName);
    }

    [Fact]
    public async Task A_cancelled_call_spends_nothing()
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(Limited);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await authorizer.AuthorizeAsync(new ToolCall("t"), new CancellationToken(canceled: true)));
        Assert.True((await authorizer.AuthorizeAsync(new ToolCall("t"))).IsAllowed);
    }

    [Fact]
    public async Task A_report_that_is_cancelled_beforehand_gives_nothing_back_and_can_be_made_again()
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(Limited);
        ToolCallDecision decision = await authorizer.AuthorizeAsync(new ToolCall("t"));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await authorizer.CompleteAsync(decision, ToolCallOutcome.NotExecuted, new CancellationToken(canceled: true)));
        Assert.False((await authorizer.AuthorizeAsync(new ToolCall("t"))).IsAllowed);
        await authorizer.CompleteAsync(decision, ToolCallOutcome.NotExecuted);
        Assert.True((await authorizer.AuthorizeAsync(new ToolCall("t"))).IsAllowed);
    }

    [Fact]
    public async Task A_sink_that_fails_turns_an_allow_into_a_denial_and_the_quota_goes_back()
    {
        var first = new InMemoryAuditSink();
        var last = new InMemoryAuditSink();
        var broken = new ScriptedSink { Write = _ => throw new IOException("disk full") };
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(Limited, options =>
        {
            options.AuditSinks.Add(first);
            options.AuditSinks.Add(broken);
            options.AuditSinks.Add(last);
        });

        ToolCallDecision denied = await authorizer.AuthorizeAsync(new ToolCall("t"));
        Assert.Equal(DecisionCode.AuditUnavailable, denied.Code);
        Assert.Equal("", denied.Rule);
        Assert.Equal(
            [(AuditRecordKind.Decision, DecisionCode.Allowed), (AuditRecordKind.Correction, DecisionCode.AuditUnavailable)],
            first.Records.Select(record => (record.Kind, record.Code)));
        Assert.Equal(
            [(AuditRecordKind.Correction, DecisionOutcome.Deny)], last.Records.Select(record => (record.Kind, record.DecisionOutcome)));
        Assert.Equal(denied.DecisionId, Assert.Single(first.Records.Concat(last.Records).Select(record => record.DecisionId).Distinct()));
        Assert.Equal([1L, 2L], first.Records.Select(record => record.Sequence));

        broken.Write = null;
        Assert.True((await authorizer.AuthorizeAsync(new ToolCall("t"))).IsAllowed);
    }

    [Fact]
    public async Task A_denial_that_cannot_be_recorded_stays_that_denial()
    {
        var last = new InMemoryAuditSink();
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(TestPolicies.Stellify, options =>
        {
            options.AuditSinks.Add(new ScriptedSink { Write = _ => throw new IOException() });
            options.AuditSinks.Add(last);
        });
        Assert.Equal(DecisionCode.NotListed, (await authorizer.AuthorizeAsync(new ToolCall("other"))).Code);
        Assert.Equal(DecisionCode.NotListed, Assert.Single(last.Records).Code);
    }

    [Fact]
    public async Task Cancellation_while_a_sink_writes_propagates_after_the_quota_went_back()
    {
        using var cancellation = new CancellationTokenSource();
        var sink = new ScriptedSink { Write = _ => { cancellation.Cancel(); cancellation.Token.ThrowIfCancellationRequested(); } };
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(Limited, options => options.AuditSinks.Add(sink));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await authorizer.AuthorizeAsync(new ToolCall("t"), cancellation.Token));
        sink.Write = null;
        Assert.True((await authorizer.AuthorizeAsync(new ToolCall("t"))).IsAllowed);
    }

    [Fact]
    public async Task A_sink_that_cancels_by_itself_is_a_sink_that_fails()
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(
            Limited, options => options.AuditSinks.Add(new ScriptedSink { Write = _ => throw new OperationCanceledException() }));
        Assert.Equal(DecisionCode.AuditUnavailable, (await authorizer.AuthorizeAsync(new ToolCall("t"))).Code);
    }

    [Fact]
    public async Task An_outcome_is_recorded_once_by_every_sink_that_works()
    {
        var last = new InMemoryAuditSink();
        var flaky = new ScriptedSink();
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(TestPolicies.Stellify, options =>
        {
            options.AuditSinks.Add(flaky);
            options.AuditSinks.Add(last);
        });
        ToolCallDecision decision = await authorizer.AuthorizeAsync(new ToolCall("run_code") { SessionId = "s-1" });
        flaky.Write = _ => throw new IOException();
        await authorizer.CompleteAsync(decision, ToolCallOutcome.Failed);
        await authorizer.CompleteAsync(decision, ToolCallOutcome.Succeeded);

        AuditRecord outcome = Assert.Single(last.Records, record => record.Kind == AuditRecordKind.Completion);
        Assert.Equal(ToolCallOutcome.Failed, outcome.CallOutcome);
        Assert.Equal(TimeSpan.Zero, outcome.Duration);
        Assert.Equal("s-1", outcome.SessionId);
        Assert.Equal(decision.DecisionId, outcome.DecisionId);
    }

    [Fact]
    public async Task A_disposed_document_is_an_internal_error()
    {
        JsonElement element;
        using (JsonDocument document = JsonDocument.Parse("""{"a":1}"""))
        {
            element = document.RootElement;
        }

        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(Limited);
        Assert.Equal(DecisionCode.InternalError, (await authorizer.AuthorizeAsync(new ToolCall("t", element))).Code);
    }

    [Fact]
    public async Task A_call_that_names_no_tool_is_the_callers_bug()
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(Limited);
        await Assert.ThrowsAsync<ArgumentException>(async () => await authorizer.AuthorizeAsync(default));
        Assert.Throws<ArgumentNullException>(() => new ToolCall(null!));
    }

    private sealed class BrokenClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => throw new InvalidOperationException("no time");

        public override long GetTimestamp() => throw new InvalidOperationException("no time");
    }

    private sealed class CountingClock : TimeProvider
    {
        public int Reads { get; private set; }

        public override DateTimeOffset GetUtcNow()
        {
            Reads++;
            return DateTimeOffset.UnixEpoch;
        }
    }

    private sealed class ScriptedStore : ICounterStore
    {
        public required Func<CounterRequest, CancellationToken, ValueTask<CounterReservation>> Reserve { get; init; }

        public Action<CounterRelease>? Release { get; init; }

        public ValueTask<CounterReservation> ReserveAsync(CounterRequest request, CancellationToken cancellationToken = default) =>
            Reserve(request, cancellationToken);

        public ValueTask ReleaseAsync(CounterRelease release, CancellationToken cancellationToken = default)
        {
            Release?.Invoke(release);
            return ValueTask.CompletedTask;
        }
    }

    private sealed class ScriptedSink : IAuditSink
    {
        public Action<AuditRecord>? Write { get; set; }

        public ValueTask WriteAsync(AuditRecord record, CancellationToken cancellationToken = default)
        {
            Write?.Invoke(record);
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>Says that it has an answer, and has none.</summary>
    private sealed class BreaksWhenRead : IValueTaskSource<CounterReservation>
    {
        public CounterReservation GetResult(short token) => throw new IOException();

        public ValueTaskSourceStatus GetStatus(short token) => ValueTaskSourceStatus.Succeeded;

        public void OnCompleted(
            Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) => continuation(state);
    }
}
