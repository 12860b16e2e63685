using PolicyLayer.Auditing;
using PolicyLayer.Telemetry;
using PolicyLayer.Tests.Authorization;

namespace PolicyLayer.Tests.Auditing;

/// <summary>What is recorded with best effort keeps nobody waiting, and what is lost is counted.</summary>
public sealed class BestEffortAuditSinkTests : IDisposable
{
    private static readonly TimeSpan Flush = TimeSpan.FromSeconds(5);

    private readonly TimerClock _clock = new();
    private readonly SinkBehind _behind = new();
    private readonly List<Fault> _faults = [];
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Dispose()
    {
        _open.TrySetResult();
        _clock.Dispose();
    }

    [Fact]
    public async Task Records_reach_the_sink_behind_in_order_and_disposing_waits_for_the_last()
    {
        string[] ids = [.. Enumerable.Range(0, 1_000).Select(i => $"d{i}")];
        BestEffortAuditSink sink = Sink();
        _behind.Write = async (_, _) => await Task.Yield();
        foreach (string id in ids)
        {
            Write(sink, id);
        }

        await InTime(sink.DisposeAsync().AsTask());
        Assert.Equal(ids, _behind.Ids);
        Assert.Equal((0, 0), (sink.Dropped, sink.Pending));
        Assert.Empty(_faults);
        Assert.False(_behind.IsDisposed);
    }

    [Fact]
    public async Task A_call_is_allowed_at_once_whatever_becomes_of_its_record()
    {
        _behind.Write = (_, _) => new(_open.Task);
        BestEffortAuditSink sink = Sink(options => options.Capacity = 1);
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(
            """{ "version": "1", "default": "allow" }""", options => options.AuditSinks.Add(sink));
        for (int i = 0; i < 5; i++)
        {
            Assert.True(TestPolicies.Now(authorizer.AuthorizeAsync(new ToolCall("t"))).IsAllowed);
        }

        _open.SetResult();
        await InTime(sink.DisposeAsync().AsTask());
        Assert.Equal(5, _behind.Ids.Count + sink.Dropped);
        Assert.InRange(sink.Dropped, 3, 4);
        Assert.True(TestPolicies.Now(authorizer.AuthorizeAsync(new ToolCall("t"))).IsAllowed);
    }

    [Fact]
    public async Task A_full_queue_drops_the_newest_and_tells_of_it_once_a_second()
    {
        BestEffortAuditSink sink = Sink(options => (options.Capacity, options.Timeout) = (2, TimeSpan.FromHours(1)));
        await HangOnAsync(sink, "in hand");
        Write(sink, "a");
        Write(sink, "b");
        Assert.Equal((3, 0), (sink.Pending, sink.Dropped));
        Write(sink, "first");
        Write(sink, "second");
        _clock.Advance(TimeSpan.FromSeconds(1) - TimeSpan.FromTicks(1));
        Write(sink, "third");
        Assert.Equal(["first"], _faults.Select(fault => fault.DecisionId));
        _clock.Advance(TimeSpan.FromTicks(1));
        Write(sink, "fourth");
        Write(sink, "fifth");

        Assert.Equal(["first", "fourth"], _faults.Select(fault => fault.DecisionId));
        Assert.All(_faults, fault => Assert.Equal((FaultKind.AuditDropped, "BestEffortAuditSink"), (fault.Kind, fault.Place)));
        Assert.Equal("The queue is full. Records dropped so far: 4.", _faults[1].Exception!.Message);
        Assert.Equal((3, 5), (sink.Pending, sink.Dropped));

        _open.SetResult();
        await InTime(sink.DisposeAsync().AsTask());
        Assert.Equal(["in hand", "a", "b"], _behind.Ids);
        Assert.Equal(5, sink.Dropped);
    }

    [Theory]
    [InlineData("throws")]
    [InlineData("fails later")]
    [InlineData("cancels by itself")]
    public async Task A_sink_that_fails_costs_that_record_alone(string how)
    {
        _behind.Write = (record, _) => (record.DecisionId, how) switch
        {
            ("bad", "throws") => throw new IOException("disk full"),
            ("bad", "fails later") => LateFailureAsync(),
            ("bad", _) => throw new OperationCanceledException(),
            _ => default,
        };
        BestEffortAuditSink sink = Sink();
        Write(sink, "a");
        Write(sink, "bad");
        Write(sink, "b");
        await InTime(sink.DisposeAsync().AsTask());

        Assert.Equal(["a", "bad", "b"], _behind.Ids);
        Fault fault = Assert.Single(_faults);
        Assert.Equal((FaultKind.AuditWrite, "BestEffortAuditSink", "bad"), (fault.Kind, fault.Place, fault.DecisionId));
        Assert.Equal(0, sink.Dropped);
    }

    [Fact]
    public async Task A_sink_that_hangs_costs_that_record_alone_and_is_told_to_stop()
    {
        BestEffortAuditSink sink = Sink(options => options.Timeout = TimeSpan.FromSeconds(3));
        await HangOnAsync(sink, "bad");
        _behind.Write = (_, _) => default;
        Write(sink, "next");
        _clock.Advance(TimeSpan.FromSeconds(3) - TimeSpan.FromTicks(1));
        Assert.Equal(["bad"], _behind.Ids);
        _clock.Advance(TimeSpan.FromTicks(1));
        await InTime(sink.DisposeAsync().AsTask());

        Assert.Equal(["bad", "next"], _behind.Ids);
        Fault fault = Assert.Single(_faults);
        Assert.Equal((FaultKind.AuditWrite, "bad", 0), (fault.Kind, fault.DecisionId, sink.Dropped));
        Assert.IsType<TimeoutException>(fault.Exception);
        Assert.Equal([true, false], _behind.Tokens.Select(token => token.IsCancellationRequested));
    }

    [Fact]
    public async Task Disposing_drops_what_waits_too_long_and_what_comes_later()
    {
        BestEffortAuditSink sink = Sink(options => options.Timeout = TimeSpan.FromHours(1));
        await HangOnAsync(sink, "in hand");
        Write(sink, "a");
        Write(sink, "b");
        Task disposed = sink.DisposeAsync().AsTask();
        Write(sink, "late");
        Assert.Equal((3, 1), (sink.Pending, sink.Dropped));
        _clock.Advance(Flush - TimeSpan.FromTicks(1));
        Assert.False(disposed.IsCompleted);
        _clock.Advance(TimeSpan.FromTicks(1));
        await InTime(disposed);

        Assert.Equal((0, 4), (sink.Pending, sink.Dropped));
        Assert.Equal(["late", "in hand"], _faults.Select(fault => fault.DecisionId));
        Assert.All(_faults, fault => Assert.Equal(FaultKind.AuditDropped, fault.Kind));
        Assert.Equal(["in hand"], _behind.Ids);
        Assert.True(await _behind.StoppedAsync());
        await InTime(sink.DisposeAsync().AsTask());
        Write(sink, "later still");
        Assert.Equal(5, sink.Dropped);
    }

    [Fact]
    public async Task A_sink_that_blocks_its_thread_keeps_neither_callers_nor_disposal()
    {
        using var blocked = new ManualResetEventSlim();
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _behind.Write = (_, _) =>
        {
            reached.TrySetResult();
            blocked.Wait(CancellationToken.None);
            return default;
        };
        BestEffortAuditSink sink = Sink();
        Write(sink, "a");
        Write(sink, "b");
        await InTime(reached.Task);
        Task disposed = sink.DisposeAsync().AsTask();
        _clock.Advance(Flush);
        await InTime(disposed);
        Assert.Equal(2, sink.Dropped);
        blocked.Set();
    }

    [Fact]
    public async Task Every_record_is_either_written_or_counted_whatever_races_with_disposal()
    {
        const int writers = 4;
        const int each = 5_000;
        BestEffortAuditSink sink = Sink(options => options.Capacity = 100);
        Task[] writing =
        [
            .. Enumerable.Range(0, writers).Select(_ => Task.Run(() =>
            {
                for (int i = 0; i < each; i++)
                {
                    Write(sink, "d");
                }
            })),
        ];
        await InTime(Task.WhenAny(writing));
        await InTime(sink.DisposeAsync().AsTask());
        await InTime(Task.WhenAll(writing));
        Assert.Equal(writers * each, _behind.Ids.Count + sink.Dropped);
        Assert.Equal(0, sink.Pending);
    }

    [Fact]
    public async Task A_broken_clock_or_listener_breaks_no_write()
    {
        _behind.Write = (_, _) => new(_open.Task);
        var sink = new BestEffortAuditSink(_behind, new BestEffortAuditSinkOptions
        {
            Capacity = 1,
            TimeProvider = new BrokenClock(),
            FaultListener = new BrokenListener(),
        });
        for (int i = 0; i < 10; i++)
        {
            Write(sink, "d");
        }

        _open.SetResult();
        await InTime(sink.DisposeAsync().AsTask());
        Write(sink, "late");
    }

    [Fact]
    public void Null_is_refused_and_a_cancelled_token_refuses_nothing()
    {
        using BestEffortAuditSink sink = Sink();
        Assert.Throws<ArgumentNullException>(() => { _ = sink.WriteAsync(null!).AsTask(); });
        Assert.True(sink.WriteAsync(Record("d"), new CancellationToken(canceled: true)).AsTask().IsCompletedSuccessfully);
        sink.Dispose();
        Assert.Equal(["d"], _behind.Ids);
    }

    [Fact]
    public async Task What_runs_for_all_calls_belongs_to_none()
    {
        var local = new AsyncLocal<string?> { Value = "of the caller" };
        string? seen = "nothing";
        _behind.Write = (_, _) =>
        {
            seen = local.Value;
            return default;
        };
        BestEffortAuditSink sink = Sink();
        Write(sink, "d");
        await InTime(sink.DisposeAsync().AsTask());
        Assert.Null(seen);
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        AssertRefused(options => options.Capacity = 0);
        AssertRefused(options => options.Capacity = 10_000_001);
        foreach (TimeSpan time in new[] { TimeSpan.Zero, Timeout.InfiniteTimeSpan, TimeSpan.FromHours(1) + TimeSpan.FromTicks(1) })
        {
            AssertRefused(options => options.Timeout = time);
            AssertRefused(options => options.FlushTimeout = time);
        }

        Assert.Throws<ArgumentNullException>(() => new BestEffortAuditSink(null!));
        Assert.Throws<ArgumentNullException>(() => Sink(options => options.TimeProvider = null!));
    }

    private static AuditRecord Record(string id) =>
        new() { DecisionId = id, GrantId = "g", Tool = "t", PolicyName = "p", PolicyRevision = "r" };

    private static void Write(BestEffortAuditSink sink, string id) =>
        Assert.True(sink.WriteAsync(Record(id)).AsTask().IsCompletedSuccessfully);

    private static Task InTime(Task task) => task.WaitAsync(TimeSpan.FromSeconds(30));

    private static async ValueTask LateFailureAsync()
    {
        await Task.Yield();
        throw new IOException("disk full");
    }

    private void AssertRefused(Action<BestEffortAuditSinkOptions> configure) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Sink(configure));

    /// <summary>Ends when the sink behind has a record and its time runs.</summary>
    private async Task HangOnAsync(BestEffortAuditSink sink, string id)
    {
        _behind.Write = (_, _) => new(_open.Task);
        Write(sink, id);
        await InTime(_clock.TimerAsync());
    }

    private BestEffortAuditSink Sink(Action<BestEffortAuditSinkOptions>? configure = null)
    {
        var options = new BestEffortAuditSinkOptions
        {
            FlushTimeout = Flush,
            FaultListener = new FaultList(_faults),
            TimeProvider = _clock,
        };
        configure?.Invoke(options);
        return new BestEffortAuditSink(_behind, options);
    }

    private sealed class SinkBehind : IAuditSink, IDisposable
    {
        private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Func<AuditRecord, CancellationToken, ValueTask> Write { get; set; } = (_, _) => default;

        public List<string> Ids { get; } = [];

        public List<CancellationToken> Tokens { get; } = [];

        public bool IsDisposed { get; private set; }

        public ValueTask WriteAsync(AuditRecord record, CancellationToken cancellationToken = default)
        {
            Ids.Add(record.DecisionId);
            Tokens.Add(cancellationToken);
            cancellationToken.Register(() => _stopped.TrySetResult());
            return Write(record, cancellationToken);
        }

        public async Task<bool> StoppedAsync()
        {
            await InTime(_stopped.Task);
            return true;
        }

        public void Dispose() => IsDisposed = true;
    }

    private sealed class BrokenClock : TimeProvider
    {
        public override long GetTimestamp() => throw new InvalidOperationException("no time");

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            throw new InvalidOperationException("no time");
    }

    private sealed class BrokenListener : IFaultListener
    {
        public void OnFault(Fault fault) => throw new InvalidOperationException("broken listener");
    }
}
