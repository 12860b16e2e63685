using Microsoft.Extensions.Time.Testing;
using PolicyLayer.Auditing;
using PolicyLayer.Counters;

namespace PolicyLayer.Tests.Authorization;

/// <summary>No store and no sink keeps a host waiting longer than the options say, and none keeps its cancellation waiting.</summary>
public sealed class WaitingTests : IDisposable
{
    private const string Policy = """
        { "version": "1", "default": "allow", "tools": { "t": { "rate_limit": "1/minute" }, "no": { "action": "deny" } } }
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider _clock = TestPolicies.ClockAt("2026-01-01T00:00:00Z");
    private readonly Task _never = new TaskCompletionSource().Task;
    private readonly CancellationTokenSource _cancellation = new();
    private readonly StubStore _store = new();
    private readonly StubSink _sink = new();
    private readonly StubSink _second = new();

    public void Dispose() => _cancellation.Dispose();

    [Fact]
    public async Task A_store_that_does_not_answer_in_time_denies_and_what_it_admits_late_goes_back()
    {
        var answer = new TaskCompletionSource<CounterReservation>();
        var released = new TaskCompletionSource<CounterRelease>();
        _store.Reserve = _ => new(answer.Task);
        _store.Release = release => { released.SetResult(release); return default; };
        Task<ToolCallDecision> pending = Authorizer().AuthorizeAsync(new ToolCall("t")).AsTask();

        _clock.Advance(Patience - TimeSpan.FromTicks(1));
        Assert.False(pending.IsCompleted);
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(DecisionCode.CounterStoreUnavailable, (await InTime(pending)).Code);

        answer.SetResult(CounterReservation.Admitted(42));
        Assert.Equal(42, (await InTime(released.Task)).Reservation.Stamp);
    }

    [Fact]
    public async Task A_release_that_hangs_keeps_no_report_waiting()
    {
        ToolCallAuthorizer authorizer = Authorizer();
        ToolCallDecision decision = await authorizer.AuthorizeAsync(new ToolCall("t"));
        _store.Release = _ => new(_never);
        Task<bool> pending = authorizer.CompleteAsync(decision, ToolCallOutcome.NotExecuted).AsTask();
        Assert.False(pending.IsCompleted);
        _clock.Advance(Patience);
        Assert.True(await InTime(pending));
    }

    [Fact]
    public async Task A_host_that_gives_up_on_a_report_has_it_carried_out_all_the_same()
    {
        ToolCallAuthorizer authorizer = Authorizer(_sink, _second);
        ToolCallDecision decision = await authorizer.AuthorizeAsync(new ToolCall("t"));
        _store.Release = _ => new(_never);
        _sink.Write = _ => new(_never);
        Task<bool> pending = authorizer.CompleteAsync(decision, ToolCallOutcome.NotExecuted, _cancellation.Token).AsTask();
        await _cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => InTime(pending));

        Assert.Equal(1, _store.Released);
        Assert.Equal(AuditRecordKind.Completion, _second.Given[^1].Kind);
        Assert.False(await authorizer.CompleteAsync(decision, ToolCallOutcome.NotExecuted));
    }

    [Fact]
    public async Task A_sink_that_does_not_take_an_allow_in_time_makes_it_a_denial()
    {
        _sink.Write = record => record.Kind == AuditRecordKind.Decision ? new(_never) : default;
        ToolCallAuthorizer authorizer = Authorizer(_sink, _second);
        Task<ToolCallDecision> pending = authorizer.AuthorizeAsync(new ToolCall("t")).AsTask();
        _clock.Advance(Patience - TimeSpan.FromTicks(1));
        Assert.False(pending.IsCompleted);
        _clock.Advance(TimeSpan.FromTicks(1));

        Assert.Equal(DecisionCode.AuditUnavailable, (await InTime(pending)).Code);
        Assert.Equal(1, _store.Released);
        Assert.Equal([AuditRecordKind.Decision, AuditRecordKind.Correction], _sink.Given.Select(record => record.Kind));
        Assert.Equal([AuditRecordKind.Correction], _second.Given.Select(record => record.Kind));
        Assert.Equal([true, false], _sink.Tokens.Select(token => token.IsCancellationRequested));
    }

    [Fact]
    public async Task A_sink_that_always_hangs_keeps_no_record_from_another_and_no_quota()
    {
        _sink.Write = _ => new(_never);
        _store.Release = _ => new(_never);
        ToolCallAuthorizer authorizer = Authorizer(_sink, _second);
        Task<ToolCallDecision> pending = authorizer.AuthorizeAsync(new ToolCall("t")).AsTask();
        Assert.Equal(DecisionCode.AuditUnavailable, (await WithTime(pending)).Code);
        Assert.Equal(1, _store.Released);
        Assert.Equal([AuditRecordKind.Correction], _second.Given.Select(record => record.Kind));
        Assert.All(_sink.Tokens, token => Assert.True(token.IsCancellationRequested));
        Assert.False(_second.Tokens[0].IsCancellationRequested);
    }

    [Theory]
    [InlineData("t", 1)]
    [InlineData("no", 0)]
    public async Task A_host_that_gives_up_on_a_hanging_sink_gets_its_cancellation_at_once(string tool, int released)
    {
        _sink.Write = _ => new(_never);
        _store.Release = _ => new(_never);
        ToolCallAuthorizer authorizer = Authorizer(_sink, _second);
        Task<ToolCallDecision> pending = authorizer.AuthorizeAsync(new ToolCall(tool), _cancellation.Token).AsTask();
        await _cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => InTime(pending));

        AuditRecord record = Assert.Single(_second.Given);
        Assert.Equal(DecisionOutcome.Deny, record.DecisionOutcome);
        Assert.Equal(released, _store.Released);
    }

    [Fact]
    public async Task A_host_that_gives_up_while_a_failed_allow_is_undone_gets_its_cancellation()
    {
        _second.Write = _ => throw new IOException("disk full");
        _store.Release = _ => new(_never);
        Task<ToolCallDecision> pending = Authorizer(_sink, _second).AuthorizeAsync(new ToolCall("t"), _cancellation.Token).AsTask();
        Assert.False(pending.IsCompleted);
        await _cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => InTime(pending));
        Assert.Equal([AuditRecordKind.Decision, AuditRecordKind.Correction], _sink.Given.Select(record => record.Kind));
    }

    [Fact]
    public async Task A_host_that_gave_up_before_the_last_sink_is_given_no_allow()
    {
        _sink.Write = _ => { _cancellation.Cancel(); return default; };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await Authorizer(_sink, _second).AuthorizeAsync(new ToolCall("t"), _cancellation.Token));
        Assert.Equal(1, _store.Released);
        Assert.Equal([AuditRecordKind.Decision, AuditRecordKind.Correction], _sink.Given.Select(record => record.Kind));
        Assert.Equal([AuditRecordKind.Correction], _second.Given.Select(record => record.Kind));
    }

    [Fact]
    public async Task Several_sinks_that_hang_hang_together()
    {
        _sink.Write = _second.Write = _ => new(_never);
        Task<ToolCallDecision> pending = Authorizer(_sink, _second).AuthorizeAsync(new ToolCall("no")).AsTask();
        _clock.Advance(Patience);
        Assert.Equal(DecisionCode.ActionDeny, (await InTime(pending)).Code);
    }

    [Fact]
    public async Task A_sink_whose_callback_hangs_keeps_nobody_waiting()
    {
        using var never = new ManualResetEventSlim();
        _sink.Write = record =>
        {
            _sink.Tokens[^1].Register(never.Wait);
            return new(_never);
        };
        Assert.Equal(DecisionCode.ActionDeny, (await WithTime(Authorizer(_sink).AuthorizeAsync(new ToolCall("no")).AsTask())).Code);
        never.Set();
    }

    [Fact]
    public async Task What_completes_at_once_needs_no_timer()
    {
        var clock = new TimerCountingClock();
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(Policy, options =>
        {
            (options.Counters, options.TimeProvider) = (_store, clock);
            options.AuditSinks.Add(_sink);
        });
        ToolCallDecision decision = TestPolicies.Now(authorizer.AuthorizeAsync(new ToolCall("t")));
        Assert.True(TestPolicies.Now(authorizer.CompleteAsync(decision, ToolCallOutcome.NotExecuted)));
        Assert.Equal(0, clock.Timers);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(3_600_001)]
    public void A_time_that_bounds_nothing_is_refused(int milliseconds)
    {
        TimeSpan time = TimeSpan.FromMilliseconds(milliseconds);
        Assert.Throws<ArgumentOutOfRangeException>(() => TestPolicies.Authorizer(Policy, options => options.CounterTimeout = time));
        Assert.Throws<ArgumentOutOfRangeException>(() => TestPolicies.Authorizer(Policy, options => options.AuditTimeout = time));
    }

    private ToolCallAuthorizer Authorizer(params IAuditSink[] sinks) => TestPolicies.Authorizer(Policy, options =>
    {
        (options.Counters, options.TimeProvider) = (_store, _clock);
        (options.CounterTimeout, options.AuditTimeout) = (Patience, Patience);
        Array.ForEach(sinks, options.AuditSinks.Add);
    });

    /// <summary>Lets time pass until the work ends: a second wait may begin only after the first ended.</summary>
    private async Task<T> WithTime<T>(Task<T> work)
    {
        for (int i = 0; i < 1_000_000 && !work.IsCompleted; i++)
        {
            _clock.Advance(Patience);
            await Task.Yield();
        }

        return await InTime(work);
    }

    private static Task<T> InTime<T>(Task<T> work) => work.WaitAsync(TimeSpan.FromSeconds(30));

    private sealed class TimerCountingClock : TimeProvider
    {
        public int Timers { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Timers++;
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
