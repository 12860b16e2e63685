using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using PolicyLayer.Auditing;
using PolicyLayer.Counters;
using PolicyLayer.Telemetry;
using PolicyLayer.Tests.Auditing;

namespace PolicyLayer.Tests.Authorization;

/// <summary>Whatever is swallowed is told, once, and telling changes nothing.</summary>
public sealed class FaultListenerTests
{
    private const string Policy = """
        { "version": "1", "default": "allow", "tools": { "t": { "rate_limit": "1/minute" } } }
        """;

    private readonly Listener _listener = new();
    private readonly StubStore _store = new();
    private readonly StubSink _sink = new();

    [Fact]
    public async Task A_call_that_can_t_be_read_is_told_without_what_it_threw()
    {
        JsonElement disposed;
        using (JsonDocument document = JsonDocument.Parse("{}"))
        {
            disposed = document.RootElement;
        }

        ToolCallDecision decision = await Authorizer().AuthorizeAsync(new ToolCall("t", disposed));
        Fault fault = AssertTold(FaultKind.Judging, "ToolCall", decision);
        Assert.Null(fault.Exception);
        Assert.Equal("System.ObjectDisposedException", fault.ExceptionType);
        Assert.Contains("JsonDocument", fault.StackTrace, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_store_that_fails_is_told(bool later)
    {
        _store.Reserve = async _ => { await Pause(later); throw new IOException("no route"); };
        ToolCallDecision decision = await Authorizer().AuthorizeAsync(new ToolCall("t"));
        Assert.Equal("no route", AssertTold(FaultKind.CounterReserve, "Counters", decision).Exception!.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_release_that_fails_is_told(bool later)
    {
        _store.Release = async _ => { await Pause(later); throw new IOException(); };
        ToolCallAuthorizer authorizer = Authorizer();
        ToolCallDecision decision = await authorizer.AuthorizeAsync(new ToolCall("t"));
        Assert.True(await authorizer.CompleteAsync(decision, ToolCallOutcome.NotExecuted));
        AssertTold(FaultKind.CounterRelease, "Counters", decision);
    }

    [Theory]
    [InlineData(false, "t")]
    [InlineData(true, "t")]
    public async Task A_sink_that_fails_is_told_for_each_record(bool later, string tool)
    {
        _sink.Write = async _ => { await Pause(later); throw new IOException(); };
        ToolCallDecision decision = await Authorizer(new InMemoryAuditSink(), _sink).AuthorizeAsync(new ToolCall(tool));
        Assert.Equal(DecisionCode.AuditUnavailable, decision.Code);
        Assert.Equal(2, _listener.Faults.Count);
        Assert.All(_listener.Faults, fault =>
            Assert.Equal((FaultKind.AuditWrite, "AuditSinks[1]", decision.DecisionId), (fault.Kind, fault.Place, fault.DecisionId)));
    }

    [Fact]
    public async Task A_store_that_takes_too_long_and_then_fails_is_told_twice()
    {
        var clock = new FakeTimeProvider();
        var answer = new TaskCompletionSource<CounterReservation>();
        _store.Reserve = _ => new(answer.Task);
        Task<ToolCallDecision> pending = Authorizer(clock).AuthorizeAsync(new ToolCall("t")).AsTask();
        clock.Advance(TimeSpan.FromSeconds(5));
        ToolCallDecision decision = await pending;
        Assert.IsType<TimeoutException>(AssertTold(FaultKind.CounterReserve, "Counters", decision).Exception);

        Task told = _listener.NextAsync();
        answer.SetException(new IOException());
        await told.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.IsType<IOException>(_listener.Faults[1].Exception);
        Assert.Equal(0, _store.Released);
    }

    [Fact]
    public async Task A_late_release_and_a_late_record_that_fail_are_told()
    {
        var clock = new FakeTimeProvider();
        var late = new TaskCompletionSource();
        ToolCallAuthorizer authorizer = Authorizer(clock, _sink);
        ToolCallDecision decision = await authorizer.AuthorizeAsync(new ToolCall("t"));
        _store.Release = _ => new(late.Task);
        _sink.Write = _ => new(late.Task);
        Task<bool> pending = authorizer.CompleteAsync(decision, ToolCallOutcome.NotExecuted).AsTask();
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.True(await pending);
        Assert.Equal(2, _listener.Faults.Count);

        Task told = _listener.NextAsync(2);
        late.SetException(new IOException());
        await told.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(
            [FaultKind.CounterRelease, FaultKind.AuditWrite],
            _listener.Faults.Skip(2).Select(fault => fault.Kind).Order());
    }

    [Fact]
    public async Task A_clock_that_fails_is_told()
    {
        ToolCallDecision decision = await Authorizer(new BrokenClock()).AuthorizeAsync(new ToolCall("t"));
        Assert.Equal(DecisionCode.CounterStoreUnavailable, decision.Code);
        AssertTold(FaultKind.Clock, "TimeProvider", decision);
    }

    [Fact]
    public async Task A_clock_that_fails_allows_nothing_that_is_recorded_and_the_denial_is()
    {
        ToolCallDecision decision = await Authorizer(new BrokenClock(), _sink).AuthorizeAsync(new ToolCall("unlimited"));
        Assert.Equal(DecisionCode.AuditUnavailable, decision.Code);
        AuditRecord record = Assert.Single(_sink.Given);
        Assert.Equal((AuditRecordKind.Decision, DecisionCode.AuditUnavailable), (record.Kind, record.Code));
        Assert.Equal((null, null), (record.Time, record.Duration));
        Assert.All(_listener.Faults, fault => Assert.Equal(FaultKind.Clock, fault.Kind));
    }

    [Fact]
    public async Task An_outcome_reported_while_the_clock_fails_is_recorded_with_what_is_known()
    {
        var clock = new BrokenClock { IsBroken = false };
        using var folder = new LogFolder();
        await using var file = new JsonLinesAuditSink(folder.Log);
        ToolCallAuthorizer authorizer = Authorizer(clock, _sink, file);
        ToolCallDecision decision = await authorizer.AuthorizeAsync(new ToolCall("t"));
        clock.IsBroken = true;
        Assert.True(await authorizer.CompleteAsync(decision, ToolCallOutcome.NotExecuted));

        Assert.Equal(1, _store.Released);
        AuditRecord record = _sink.Given[1];
        Assert.Equal((AuditRecordKind.Completion, ToolCallOutcome.NotExecuted), (record.Kind, record.CallOutcome));
        Assert.Equal(decision.DecisionId, record.DecisionId);
        Assert.Equal((null, null), (record.Time, record.Duration));
        Assert.Equal([FaultKind.Clock, FaultKind.Clock], _listener.Faults.Select(fault => fault.Kind));
        await file.DisposeAsync();
        using JsonDocument line = JsonDocument.Parse(folder.Lines()[1]);
        Assert.False(line.RootElement.TryGetProperty("time", out _));
    }

    [Fact]
    public async Task Cancellation_is_no_fault()
    {
        using var cancellation = new CancellationTokenSource();
        var never = new TaskCompletionSource<CounterReservation>();
        _store.Reserve = _ => new(never.Task);
        Task<ToolCallDecision> pending = Authorizer().AuthorizeAsync(new ToolCall("t"), cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);
        Assert.Empty(_listener.Faults);
    }

    [Fact]
    public async Task A_listener_that_throws_changes_nothing()
    {
        _listener.Throws = true;
        _store.Reserve = _ => throw new IOException();
        Assert.Equal(DecisionCode.CounterStoreUnavailable, (await Authorizer().AuthorizeAsync(new ToolCall("t"))).Code);
        _sink.Write = _ => throw new IOException();
        Assert.Equal(DecisionCode.AuditUnavailable, (await Authorizer(_sink).AuthorizeAsync(new ToolCall("free"))).Code);
    }

    private static Task Pause(bool later) => later ? Task.Run(() => { }) : Task.CompletedTask;

    private Fault AssertTold(FaultKind kind, string place, ToolCallDecision decision)
    {
        Fault fault = Assert.Single(_listener.Faults);
        Assert.Equal((kind, place, decision.DecisionId), (fault.Kind, fault.Place, fault.DecisionId));
        Assert.NotNull(fault.StackTrace);
        return fault;
    }

    private ToolCallAuthorizer Authorizer(params IAuditSink[] sinks) => Authorizer(TestPolicies.ClockAt("2026-01-01T00:00:00Z"), sinks);

    private ToolCallAuthorizer Authorizer(TimeProvider clock, params IAuditSink[] sinks) => TestPolicies.Authorizer(Policy, options =>
    {
        (options.Counters, options.TimeProvider, options.FaultListener) = (_store, clock, _listener);
        Array.ForEach(sinks, options.AuditSinks.Add);
    });

    private sealed class BrokenClock : TimeProvider
    {
        public bool IsBroken { get; set; } = true;

        public override DateTimeOffset GetUtcNow() => IsBroken ? throw new InvalidOperationException("no time") : DateTimeOffset.UnixEpoch;

        public override long GetTimestamp() => IsBroken ? throw new InvalidOperationException("no time") : 1;
    }

    private sealed class Listener : IFaultListener
    {
        private readonly TaskCompletionSource _heard = new();
        private int _awaited = int.MaxValue;

        public List<Fault> Faults { get; } = [];

        public bool Throws { get; set; }

        public void OnFault(Fault fault)
        {
            lock (Faults)
            {
                Faults.Add(fault);
                if (Faults.Count == _awaited)
                {
                    _heard.SetResult();
                }
            }

            if (Throws)
            {
                throw new InvalidOperationException("broken listener");
            }
        }

        /// <summary>Ends when so many faults more than now have been told.</summary>
        public Task NextAsync(int count = 1)
        {
            _awaited = Faults.Count + count;
            return _heard.Task;
        }
    }
}
