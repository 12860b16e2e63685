using Microsoft.Extensions.Time.Testing;
using PolicyLayer.Approvals;
using PolicyLayer.Auditing;
using PolicyLayer.Counters;
using PolicyLayer.Telemetry;

namespace PolicyLayer.Tests.Authorization;

/// <summary>Whatever breaks on the way to an approval denies, and what the call was given goes back.</summary>
public sealed class ApprovalFaultTests : IDisposable
{
    private const string Document = """
        { "version": "1", "default": "deny", "tools": { "t": { "action": "require_approval", "rate_limit": "1/minute" } } }
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider _clock = TestPolicies.ClockAt("2026-01-01T00:00:00Z");
    private readonly CancellationTokenSource _cancellation = new();
    private readonly StubApprovals _approvals = new();
    private readonly InMemoryCounterStore _counters;
    private readonly StubSink _sink = new();
    private readonly List<Fault> _faults = [];

    public ApprovalFaultTests() => _counters = new InMemoryCounterStore(new InMemoryCounterStoreOptions { TimeProvider = _clock });

    public void Dispose() => _cancellation.Dispose();

    [Theory]
    [InlineData("throws")]
    [InlineData("fails later")]
    [InlineData("says nothing")]
    [InlineData("answers about another call")]
    [InlineData("answers about another grant")]
    [InlineData("answers with one narrowed to another call")]
    [InlineData("says that it is spent")]
    public async Task A_store_that_breaks_when_asked_denies_with_its_own_code(string how)
    {
        ToolCallAuthorizer authorizer = Authorizer();
        await ApproveAsync(authorizer);
        StoredApproval found = (await _approvals.AskAsync(_approvals.LastRequest!)).Approval!;
        _approvals.Ask = (request, _) => how switch
        {
            "throws" => throw new InvalidOperationException("broken"),
            "fails later" => new(Task.FromException<ApprovalAnswer>(new InvalidOperationException("broken"))),
            "says nothing" => default,
            "answers about another call" => new(ApprovalAnswer.Found(Copy(found, binding: new string('0', 64)))),
            "answers about another grant" => new(ApprovalAnswer.Found(Copy(found, grantId: "other"))),
            "answers with one narrowed to another call" => new(ApprovalAnswer.Found(Copy(found, narrowedTo: new string('0', 64)))),
            _ => new(ApprovalAnswer.Found(Copy(found, status: ApprovalStatus.Spent))),
        };
        ToolCallDecision decision = await authorizer.AuthorizeAsync(new ToolCall("t"));
        Assert.Equal((DecisionCode.ApprovalStoreUnavailable, DecisionOutcome.Deny), (decision.Code, decision.Outcome));
        Assert.Equal("/tools/t/action", decision.Rule);
        Assert.Equal(0, await UsedAsync());
        Assert.Equal(how is not ("says nothing" or "says that it is spent"), _faults.Exists(fault =>
            (fault.Kind, fault.Place, fault.DecisionId) == (FaultKind.ApprovalAsk, "Approvals", decision.DecisionId)));
        Assert.All(_faults, fault => Assert.Null(fault.Exception));
    }

    [Fact]
    public async Task A_refusal_of_what_was_narrowed_to_another_call_is_heard()
    {
        ToolCallAuthorizer authorizer = Authorizer();
        await ApproveAsync(authorizer);
        StoredApproval found = (await _approvals.AskAsync(_approvals.LastRequest!)).Approval!;
        StoredApproval refused = Copy(found, status: ApprovalStatus.Refused, narrowedTo: new string('0', 64));
        _approvals.Ask = (_, _) => new(ApprovalAnswer.Found(refused));
        Assert.Equal(DecisionCode.ApprovalDenied, (await authorizer.AuthorizeAsync(new ToolCall("t"))).Code);
        Assert.Empty(_faults);
    }

    [Fact]
    public async Task A_store_that_does_not_answer_in_time_denies()
    {
        ToolCallAuthorizer authorizer = Authorizer();
        _approvals.Ask = (_, _) => new(new TaskCompletionSource<ApprovalAnswer>().Task);
        Task<ToolCallDecision> pending = authorizer.AuthorizeAsync(new ToolCall("t")).AsTask();
        _clock.Advance(Patience - TimeSpan.FromTicks(1));
        Assert.False(pending.IsCompleted);
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(DecisionCode.ApprovalStoreUnavailable, (await InTime(pending)).Code);
    }

    [Theory]
    [InlineData("t", DecisionCode.CounterStoreUnavailable)]
    [InlineData("u", DecisionCode.ApprovalStoreUnavailable)]
    public async Task A_clock_that_fails_asks_nobody_and_denies(string tool, DecisionCode expected)
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(
            Document.Replace("\"t\":", "\"u\": { \"action\": \"require_approval\" }, \"t\":", StringComparison.Ordinal),
            options => (options.Approvals, options.TimeProvider) = (_approvals, new BrokenClock()));
        Assert.Equal(expected, (await authorizer.AuthorizeAsync(new ToolCall(tool))).Code);
        Assert.Null(_approvals.LastRequest);
    }

    [Fact]
    public async Task People_are_told_of_a_request_that_is_made_too_late()
    {
        var told = new TaskCompletionSource<ApprovalView>();
        ToolCallAuthorizer authorizer = Authorizer(notifier: new Notifier(told));
        var answer = new TaskCompletionSource();
        _approvals.Ask = async (request, token) =>
        {
            _approvals.Ask = null;
            await answer.Task;
            return await _approvals.AskAsync(request, CancellationToken.None);
        };
        Task<ToolCallDecision> pending = authorizer.AuthorizeAsync(new ToolCall("t")).AsTask();
        _clock.Advance(Patience);
        Assert.Equal(DecisionCode.ApprovalStoreUnavailable, (await InTime(pending)).Code);
        answer.SetResult();
        ApprovalView view = await InTime(told.Task);
        Assert.Equal(view.Id, (await authorizer.AuthorizeAsync(new ToolCall("t"))).ApprovalId);
    }

    [Fact]
    public async Task A_use_that_is_spent_too_late_goes_back_and_so_does_the_quota()
    {
        ToolCallAuthorizer authorizer = Authorizer();
        await ApproveAsync(authorizer);
        var answer = new TaskCompletionSource<bool>();
        var returned = new TaskCompletionSource<ApprovalUse>();
        _approvals.Spend = (_, _) => new(answer.Task);
        _approvals.Return = use => { returned.SetResult(use); return default; };
        Task<ToolCallDecision> pending = authorizer.AuthorizeAsync(new ToolCall("t")).AsTask();
        Assert.Equal(1, await UsedAsync());
        _clock.Advance(Patience);
        ToolCallDecision decision = await InTime(pending);
        Assert.Equal(DecisionCode.ApprovalStoreUnavailable, decision.Code);
        Assert.Equal(FaultKind.ApprovalSpend, Assert.Single(_faults).Kind);
        Assert.Equal(0, await UsedAsync());
        Assert.False(returned.Task.IsCompleted);

        answer.SetResult(true);
        Assert.Equal(_approvals.LastRequest!.Binding, (await InTime(returned.Task)).Binding);
    }

    [Fact]
    public async Task A_host_that_gives_up_gets_back_quota_and_approval()
    {
        ToolCallAuthorizer authorizer = Authorizer();
        await ApproveAsync(authorizer);
        var answer = new TaskCompletionSource<bool>();
        _approvals.Spend = async (use, _) => await answer.Task && await _approvals.SpendOwnAsync(use);
        Task<ToolCallDecision> pending = authorizer.AuthorizeAsync(new ToolCall("t"), _cancellation.Token).AsTask();
        await _cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await InTime(pending));
        Assert.Equal(0, await UsedAsync());
        Assert.Empty(_faults);

        var returned = new TaskCompletionSource();
        _approvals.Return = use =>
        {
            returned.SetResult();
            return default;
        };
        answer.SetResult(true);
        await InTime(returned.Task);
    }

    [Fact]
    public async Task A_lost_race_gives_the_quota_back()
    {
        ToolCallAuthorizer authorizer = Authorizer();
        await ApproveAsync(authorizer);
        _approvals.Spend = (_, _) => new(false);
        ToolCallDecision decision = await authorizer.AuthorizeAsync(new ToolCall("t"));
        Assert.Equal((DecisionCode.ApprovalSpent, "/tools/t/action"), (decision.Code, decision.Rule));
        Assert.Equal(0, await UsedAsync());
    }

    [Fact]
    public async Task A_record_that_cannot_be_written_gives_quota_and_approval_back()
    {
        ToolCallAuthorizer authorizer = Authorizer(_sink);
        await ApproveAsync(authorizer);
        _sink.Write = _ => throw new InvalidOperationException("full");
        Assert.Equal(DecisionCode.AuditUnavailable, (await authorizer.AuthorizeAsync(new ToolCall("t"))).Code);
        Assert.Equal(0, await UsedAsync());

        _sink.Write = _ => default;
        Assert.True((await authorizer.AuthorizeAsync(new ToolCall("t"))).IsAllowed);
    }

    [Fact]
    public async Task Counters_that_cannot_be_looked_at_deny_before_a_person_is_asked()
    {
        ToolCallAuthorizer authorizer = Authorizer(counters: new StubStore { Reserve = _ => throw new InvalidOperationException("down") });
        Assert.Equal(DecisionCode.CounterStoreUnavailable, (await authorizer.AuthorizeAsync(new ToolCall("t"))).Code);
        Assert.Null(_approvals.LastRequest);
    }

    [Fact]
    public async Task A_return_that_breaks_is_told_and_touches_no_report()
    {
        ToolCallAuthorizer authorizer = Authorizer();
        await ApproveAsync(authorizer);
        ToolCallDecision allowed = await authorizer.AuthorizeAsync(new ToolCall("t"));
        _approvals.Return = _ => throw new InvalidOperationException("broken");
        Assert.True(await authorizer.CompleteAsync(allowed, ToolCallOutcome.NotExecuted));
        Assert.Equal((FaultKind.ApprovalReturn, allowed.DecisionId), (_faults.Single().Kind, _faults.Single().DecisionId));
        Assert.Equal(0, await UsedAsync());
    }

    private static Task<T> InTime<T>(Task<T> task) => task.WaitAsync(TimeSpan.FromSeconds(30));

    private static Task InTime(Task task) => task.WaitAsync(TimeSpan.FromSeconds(30));

    private static StoredApproval Copy(
        StoredApproval other,
        string? binding = null,
        string? grantId = null,
        ApprovalStatus? status = null,
        string? narrowedTo = null) => new()
        {
            Id = other.Id,
            Binding = binding ?? other.Binding,
            ExactBinding = narrowedTo ?? binding ?? other.ExactBinding,
            IsExact = narrowedTo is not null,
            GrantId = grantId ?? other.GrantId,
            Status = status ?? other.Status,
            Requested = other.Requested,
            Until = other.Until,
            Terms = other.Terms,
            UsesLeft = other.UsesLeft,
        };

    private static async Task ApproveAsync(ToolCallAuthorizer authorizer)
    {
        ToolCallDecision asked = await authorizer.AuthorizeAsync(new ToolCall("t"));
        Assert.Equal(ApprovalResolution.Done, await authorizer.Approvals.ApproveAsync(asked.ApprovalId!, new Approver("alice")));
    }

    private async Task<long> UsedAsync()
    {
        long used = 0;
        await foreach (CounterStatus status in _counters.ListAsync())
        {
            used += status.UsedMillionths / CounterDemand.Unit;
        }

        return used;
    }

    private ToolCallAuthorizer Authorizer(
        IAuditSink? sink = null, ICounterStore? counters = null, IApprovalNotifier? notifier = null) =>
        TestPolicies.Authorizer(Document, options =>
        {
            options.TimeProvider = _clock;
            options.Approvals = _approvals;
            options.ApprovalNotifier = notifier;
            options.Counters = counters ?? _counters;
            options.FaultListener = new FaultList(_faults);
            if (sink is not null)
            {
                options.AuditSinks.Add(sink);
            }
        });

    private sealed class BrokenClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => throw new InvalidOperationException("no clock");
    }

    private sealed class Notifier(TaskCompletionSource<ApprovalView> told) : IApprovalNotifier
    {
        public ValueTask NotifyAsync(ApprovalView request, CancellationToken cancellationToken = default)
        {
            told.SetResult(request);
            return default;
        }
    }
}
