using System.Diagnostics;
using System.Threading.Tasks.Sources;
using PolicyLayer.Approvals;
using PolicyLayer.Auditing;
using PolicyLayer.Counters;

namespace PolicyLayer.Tests.Authorization;

/// <summary>
/// A required sink that breaks, in whichever way, lets no call through and keeps nothing that the call was given: seen by what the next
/// call is still given, on the stores in memory.
/// </summary>
public sealed class RequiredSinkTests : IDisposable
{
    /// <summary>One call a day of everything; <c>first</c> and <c>next</c> leave and heed marks.</summary>
    private const string Policy = """
        { "version": "1", "default": "deny", "tools": {
            "limited": { "limits": [
              { "counter": "calls", "window": "day", "max": 1 },
              { "counter": "sum", "window": "day", "max": 5, "scope": "session", "increment_from": "args.n" }] },
            "approved": { "action": "require_approval", "rate_limit": "1/day" },
            "excluding": { "rate_limit": "1/day" },
            "excluded": { "not_after": [{ "tool": "excluding", "within": "day" }] },
            "first": { "rate_limit": "1/day" },
            "next": { "after": [{ "tool": "first", "within": "day" }], "rate_limit": "1/day" } } }
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly TimerClock _clock = new();
    private readonly InMemoryAuditSink _before = new();
    private readonly InMemoryAuditSink _after = new();
    private readonly StubSink _broken = new();
    private readonly ToolCallAuthorizer _authorizer;

    /// <summary>The timer that is waited for: one that nobody waited for to its end would swallow the next.</summary>
    private Task? _timer;

    public RequiredSinkTests()
    {
        _authorizer = TestPolicies.Authorizer(Policy, options =>
        {
            options.TimeProvider = _clock;
            options.Counters = new InMemoryCounterStore(new InMemoryCounterStoreOptions { TimeProvider = _clock });
            options.AuditTimeout = Patience;
            options.AuditSinks.Add(_before);
            options.AuditSinks.Add(_broken);
            options.AuditSinks.Add(_after);
        });
    }

    public void Dispose() => _clock.Dispose();

    public static TheoryData<string> Ways { get; } =
    [
        "throws", "throws later", "fills the disk", "fills the disk later", "cancels by itself", "hangs", "hangs and heeds its token",
        "breaks when it is looked at", "breaks when it is awaited", "breaks when it is taken",
    ];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Limits_hold_what_they_held(string how)
    {
        await AssertDeniedAsync(how, "limited");
        Assert.True((await CallAsync("limited")).IsAllowed);
        Assert.Equal(DecisionCode.LimitExceeded, (await CallAsync("limited")).Code);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task An_approval_is_still_there_to_spend(string how)
    {
        ToolCallDecision asked = await CallAsync("approved");
        Assert.Equal(ApprovalResolution.Done, await _authorizer.Approvals.ApproveAsync(asked.ApprovalId!, new Approver("alice")));
        await AssertDeniedAsync(how, "approved");
        Assert.True((await CallAsync("approved")).IsAllowed);
        Assert.False((await CallAsync("approved")).IsAllowed);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_call_that_never_ran_leaves_no_mark(string how)
    {
        await AssertDeniedAsync(how, "excluding");
        Assert.True((await CallAsync("excluded")).IsAllowed);
        await AssertDeniedAsync(how, "first");
        Assert.Equal(DecisionCode.OrderViolated, (await CallAsync("next")).Code);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_mark_that_a_call_needs_is_still_there_and_so_is_its_quota(string how)
    {
        ToolCallDecision first = await CallAsync("first");
        await _authorizer.CompleteAsync(first, ToolCallOutcome.Succeeded);
        await AssertDeniedAsync(how, "next");
        Assert.True((await CallAsync("next")).IsAllowed);
    }

    /// <summary>The outcome counts, though it isn't recorded: what the success leaves is there, what never ran is given back.</summary>
    [Theory]
    [MemberData(nameof(Ways))]
    public async Task An_outcome_that_cannot_be_recorded_is_reported_all_the_same(string how)
    {
        ToolCallDecision first = await CallAsync("first");
        ToolCallDecision limited = await CallAsync("limited");
        Break(how);
        Assert.True(await WithTime(_authorizer.CompleteAsync(first, ToolCallOutcome.Succeeded).AsTask()));
        Assert.True(await WithTime(_authorizer.CompleteAsync(limited, ToolCallOutcome.NotExecuted).AsTask()));
        Mend();
        Assert.True((await CallAsync("next")).IsAllowed);
        Assert.True((await CallAsync("limited")).IsAllowed);
        Assert.Equal(2, _after.Records.Count(record => record.Kind == AuditRecordKind.Completion));
    }

    private async Task AssertDeniedAsync(string how, string tool)
    {
        Break(how);
        ToolCallDecision denied = await WithTime(CallAsync(tool).AsTask());
        Mend();
        Assert.Equal((DecisionCode.AuditUnavailable, DecisionOutcome.Deny), (denied.Code, denied.Outcome));
        Assert.Equal(
            [(AuditRecordKind.Decision, DecisionOutcome.Allow), (AuditRecordKind.Correction, DecisionOutcome.Deny)],
            RecordsOf(_before, denied));
        Assert.Equal([(AuditRecordKind.Correction, DecisionOutcome.Deny)], RecordsOf(_after, denied));
    }

    private static IEnumerable<(AuditRecordKind Kind, DecisionOutcome Outcome)> RecordsOf(InMemoryAuditSink sink, ToolCallDecision call) =>
        sink.Records.Where(record => record.DecisionId == call.DecisionId).Select(record => (record.Kind, record.DecisionOutcome));

    private ValueTask<ToolCallDecision> CallAsync(string tool) =>
        _authorizer.AuthorizeAsync(new ToolCall(tool, ToolArguments.FromJson("""{ "n": 5 }""")) { SessionId = "s" });

    private void Mend() => _broken.Write = _ => default;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task What_a_sink_sets_for_its_own_work_is_not_the_hosts(int sinks)
    {
        var starting = new StubSink
        {
            Write = _ =>
            {
                new Activity("sink").Start();
                return ValueTask.CompletedTask;
            },
        };
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(Policy, options =>
        {
            for (int i = 0; i < sinks; i++)
            {
                options.AuditSinks.Add(starting);
            }
        });

        var call = new ToolCall("limited", ToolArguments.FromJson("""{"n":1}""")) { SessionId = "s" };
        ToolCallDecision allowed = await authorizer.AuthorizeAsync(call);
        Activity? afterAllow = Activity.Current;
        ToolCallDecision denied = await authorizer.AuthorizeAsync(new ToolCall("nope"));
        Activity? afterDenial = Activity.Current;
        await authorizer.CompleteAsync(allowed, ToolCallOutcome.Succeeded);

        Assert.Equal((true, false, 3 * sinks), (allowed.IsAllowed, denied.IsAllowed, starting.Given.Count));
        Assert.Equal([null, null, null], new[] { afterAllow, afterDenial, Activity.Current });
    }

    private void Break(string how) => _broken.Write = how switch
    {
        "throws" => _ => throw new InvalidOperationException("broken"),
        "throws later" => async _ => { await Task.Yield(); throw new InvalidOperationException("broken"); }
        ,
        "fills the disk" => _ => throw new IOException("There is not enough space on the disk."),
        "fills the disk later" => async _ => { await Task.Yield(); throw new IOException("There is not enough space on the disk."); }
        ,
        "cancels by itself" => _ => throw new OperationCanceledException(),
        "hangs" => _ => new(new TaskCompletionSource().Task),
        "breaks when it is looked at" => _ => new(new BreakingSource(status: null), 0),
        "breaks when it is awaited" => _ => new(new BreakingSource(ValueTaskSourceStatus.Pending), 0),
        "breaks when it is taken" => _ => new(new BreakingSource(ValueTaskSourceStatus.Succeeded), 0),
        _ => _ => new(Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _broken.Tokens[^1])),
    };

    /// <summary>Lets a sink's time pass whenever one begins: with the allow, then with the correction.</summary>
    private async Task<T> WithTime<T>(Task<T> work)
    {
        while (await Task.WhenAny(work, _timer ??= _clock.TimerAsync()) != work)
        {
            _timer = null;
            _clock.Advance(Patience);
        }

        return await work;
    }

    /// <summary>What a pooled source is that was given back too soon.</summary>
    private sealed class BreakingSource(ValueTaskSourceStatus? status) : IValueTaskSource
    {
        public ValueTaskSourceStatus GetStatus(short token) => status ?? throw new InvalidOperationException("broken");

        public void GetResult(short token) => throw new InvalidOperationException("broken");

        public void OnCompleted(
            Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            throw new InvalidOperationException("broken");
    }
}
