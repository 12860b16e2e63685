using Microsoft.Extensions.Time.Testing;
using PolicyLayer.Approvals;
using PolicyLayer.Telemetry;

namespace PolicyLayer.Tests.Authorization;

/// <summary>An approval that the first call spent covers what goes on with it, where it is bound to the same.</summary>
public sealed class ContinuedApprovalTests
{
    private const string Document = """
        { "version": "1", "default": "deny", "tools": {
          "deploy": { "rate_limit": "1/day",
            "approve_if": [{ "conditions": [{ "path": "context.env", "op": "eq", "value": "prod" }] }] } } }
        """;

    private static readonly Approver Alice = new("alice");

    private static readonly ToolCall Deploy =
        new("deploy", ToolArguments.FromJson("""{"n":1}""")) { MayContinue = true, Context = ToolArguments.FromJson("""{"env":"prod"}""") };

    private readonly StubApprovals _approvals = new();
    private readonly FailingClock _clock = new();
    private readonly List<ApprovalUse> _returned = [];
    private readonly List<Fault> _faults = [];
    private readonly ToolCallAuthorizer _authorizer;

    public ContinuedApprovalTests()
    {
        _approvals.Return = use =>
        {
            _returned.Add(use);
            return ValueTask.CompletedTask;
        };
        _authorizer = TestPolicies.Authorizer(Document, options =>
            (options.Approvals, options.TimeProvider, options.FaultListener) = (_approvals, _clock, new FaultList(_faults)));
    }

    [Fact]
    public async Task What_the_first_spent_covers_the_next_and_is_not_spent_again()
    {
        ToolCallDecision first = await ApprovedAsync(Deploy);
        _approvals.Spend = (_, _) => throw new InvalidOperationException("Nothing is to be spent.");

        ToolCallDecision next = await _authorizer.AuthorizeAsync(Deploy with { Continues = first.DecisionId });

        Assert.True(next.IsAllowed);
        Assert.Equal(first.ApprovalId, next.ApprovalId);
        Assert.True(await _authorizer.CompleteAsync(next, ToolCallOutcome.NotExecuted));
        Assert.Equal(first.ApprovalId, Assert.Single(_returned).Id);
    }

    [Fact]
    public async Task A_person_who_refuses_the_call_since_stops_what_would_go_on()
    {
        ToolCallDecision first = await ApprovedAsync(Deploy);
        Assert.Equal(ApprovalResolution.Done, await _authorizer.Approvals.RefuseAsync(first.ApprovalId!, Alice, "stop"));

        ToolCallDecision next = await _authorizer.AuthorizeAsync(Deploy with { Continues = first.DecisionId });

        Assert.Equal(DecisionCode.ApprovalDenied, next.Code);
        Assert.EndsWith("stop", next.Message!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_gives_no_answer_stops_it_too()
    {
        ToolCallDecision first = await ApprovedAsync(Deploy);
        _approvals.Ask = (_, _) => throw new IOException();

        Assert.Equal(
            DecisionCode.ApprovalStoreUnavailable,
            (await _authorizer.AuthorizeAsync(Deploy with { Continues = first.DecisionId })).Code);
    }

    [Fact]
    public async Task Where_it_is_bound_to_something_else_a_person_is_asked_anew_and_both_go_back()
    {
        ToolCall plain = Deploy with { Context = ToolArguments.FromJson("""{"env":"test"}""") };
        ToolCallDecision first = await _authorizer.AuthorizeAsync(plain);
        ToolCall next = Deploy with { Continues = first.DecisionId };
        ToolCallDecision asked = await _authorizer.AuthorizeAsync(next);
        Assert.Equal(DecisionCode.ApprovalRequired, asked.Code);
        Assert.True(asked.ApprovalWouldHelp);
        await _authorizer.Approvals.ApproveAsync(asked.ApprovalId!, Alice);

        ToolCallDecision second = await _authorizer.AuthorizeAsync(next);
        ToolCallDecision third = await _authorizer.AuthorizeAsync(Deploy with { Continues = second.DecisionId });

        Assert.True(second.IsAllowed && third.IsAllowed);
        Assert.Equal((asked.ApprovalId, asked.ApprovalId), (second.ApprovalId, third.ApprovalId));
        Assert.True(await _authorizer.CompleteAsync(third, ToolCallOutcome.NotExecuted));
        Assert.Equal(asked.ApprovalId, Assert.Single(_returned).Id);
        Assert.True((await _authorizer.AuthorizeAsync(plain)).IsAllowed);
    }

    [Fact]
    public async Task A_report_on_the_first_gives_back_nothing_while_the_next_may_run()
    {
        ToolCallDecision first = await ApprovedAsync(Deploy);
        Assert.True((await _authorizer.AuthorizeAsync(Deploy with { Continues = first.DecisionId })).IsAllowed);

        Assert.True(await _authorizer.CompleteAsync(first, ToolCallOutcome.NotExecuted));

        Assert.Empty(_returned);
        Assert.Equal(DecisionCode.ApprovalRequired, (await _authorizer.AuthorizeAsync(Deploy)).Code);
    }

    [Fact]
    public async Task What_a_person_took_back_covers_nothing_once_the_refusal_is_over()
    {
        ToolCallDecision first = await ApprovedAsync(Deploy);
        await _authorizer.Approvals.RefuseAsync(first.ApprovalId!, Alice);
        _clock.Advance(TimeSpan.FromMinutes(11));

        ToolCallDecision next = await _authorizer.AuthorizeAsync(Deploy with { Continues = first.DecisionId });

        Assert.Equal(DecisionCode.ApprovalRequired, next.Code);
        Assert.NotEqual(first.ApprovalId, next.ApprovalId);
    }

    [Fact]
    public async Task A_clock_that_fails_once_denies_what_would_go_on()
    {
        ToolCallDecision first = await ApprovedAsync(Deploy);
        await _authorizer.Approvals.RefuseAsync(first.ApprovalId!, Alice);
        _clock.FailsNext = true;

        ToolCallDecision next = await _authorizer.AuthorizeAsync(Deploy with { Continues = first.DecisionId });

        Assert.Equal(DecisionCode.ApprovalStoreUnavailable, next.Code);
        Assert.Equal(FaultKind.Clock, Assert.Single(_faults).Kind);
    }

    [Fact]
    public async Task What_ran_out_since_covers_the_next_and_what_the_store_forgot_does_not()
    {
        ToolCallDecision first = await ApprovedAsync(Deploy);
        _clock.Advance(TimeSpan.FromMinutes(50));
        ToolCallDecision next = await _authorizer.AuthorizeAsync(Deploy with { Continues = first.DecisionId });
        Assert.True(next.IsAllowed);
        _approvals.Find = _ => new ValueTask<StoredApproval?>((StoredApproval?)null);

        Assert.Equal(DecisionCode.ApprovalRequired, (await _authorizer.AuthorizeAsync(Deploy with { Continues = next.DecisionId })).Code);
        _approvals.Find = _ => throw new IOException();
        Assert.Equal(
            DecisionCode.ApprovalStoreUnavailable,
            (await _authorizer.AuthorizeAsync(Deploy with { Continues = next.DecisionId })).Code);
    }

    [Fact]
    public async Task A_store_that_answers_too_late_stops_it_and_what_it_fails_with_is_told()
    {
        ToolCallDecision first = await ApprovedAsync(Deploy);
        var late = new TaskCompletionSource<StoredApproval?>();
        _approvals.Find = _ => new ValueTask<StoredApproval?>(late.Task);
        Task<ToolCallDecision> next = _authorizer.AuthorizeAsync(Deploy with { Continues = first.DecisionId }).AsTask();
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(DecisionCode.ApprovalStoreUnavailable, (await next).Code);

        late.SetException(new IOException());

        Assert.Equal(["System.TimeoutException", "System.IO.IOException"], _faults.Select(fault => fault.ExceptionType));
    }

    [Theory]
    [InlineData(false, DecisionCode.ApprovalSpent)]
    [InlineData(null, DecisionCode.ApprovalStoreUnavailable)]
    public async Task One_that_cannot_be_spent_leaves_the_first_as_it_was(bool? spent, DecisionCode expected)
    {
        ToolCallDecision first = await _authorizer.AuthorizeAsync(Deploy with { Context = ToolArguments.FromJson("""{"env":"test"}""") });
        ToolCall next = Deploy with { Continues = first.DecisionId };
        await _authorizer.Approvals.ApproveAsync((await _authorizer.AuthorizeAsync(next)).ApprovalId!, Alice);
        _approvals.Spend = (_, _) => new ValueTask<bool>(spent ?? throw new IOException());
        Assert.Equal(expected, (await _authorizer.AuthorizeAsync(next)).Code);
        _approvals.Spend = null;

        Assert.True((await _authorizer.AuthorizeAsync(next)).IsAllowed);
        Assert.Empty(_returned);
    }

    private async Task<ToolCallDecision> ApprovedAsync(ToolCall call)
    {
        await _authorizer.Approvals.ApproveAsync((await _authorizer.AuthorizeAsync(call)).ApprovalId!, Alice);
        ToolCallDecision allowed = await _authorizer.AuthorizeAsync(call);
        Assert.True(allowed.IsAllowed);
        return allowed;
    }

    private sealed class FailingClock() : FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))
    {
        public bool FailsNext { get; set; }

        public override DateTimeOffset GetUtcNow()
        {
            if (!FailsNext)
            {
                return base.GetUtcNow();
            }

            FailsNext = false;
            throw new InvalidOperationException("no clock");
        }

        public override long GetTimestamp() => base.GetUtcNow().Ticks;
    }
}
