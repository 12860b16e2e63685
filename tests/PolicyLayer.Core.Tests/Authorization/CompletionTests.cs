namespace PolicyLayer.Tests.Authorization;

public sealed class CompletionTests
{
    private const string OneAMinute = """
        { "version": "1", "default": "deny", "tools": { "t": { "rate_limit": "1/minute" } } }
        """;

    [Fact]
    public async Task Only_a_call_that_never_ran_gives_its_quota_back()
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(OneAMinute);
        await authorizer.CompleteAsync(await Allowed(authorizer), ToolCallOutcome.NotExecuted);
        await authorizer.CompleteAsync(await Allowed(authorizer), ToolCallOutcome.Failed);
        Assert.Equal(DecisionCode.LimitExceeded, (await authorizer.AuthorizeAsync(new ToolCall("t"))).Code);
    }

    [Fact]
    public async Task A_copied_decision_gives_its_quota_back_once()
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(OneAMinute);
        ToolCallDecision first = await Allowed(authorizer);
        ToolCallDecision copy = first;
        await authorizer.CompleteAsync(first, ToolCallOutcome.NotExecuted);
        await Allowed(authorizer);
        await authorizer.CompleteAsync(copy, ToolCallOutcome.NotExecuted);
        await authorizer.CompleteAsync(first, ToolCallOutcome.NotExecuted);
        Assert.Equal(DecisionCode.LimitExceeded, (await authorizer.AuthorizeAsync(new ToolCall("t"))).Code);
    }

    [Fact]
    public async Task A_report_of_success_closes_the_call()
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(OneAMinute);
        ToolCallDecision decision = await Allowed(authorizer);
        await authorizer.CompleteAsync(decision, ToolCallOutcome.Succeeded);
        await authorizer.CompleteAsync(decision, ToolCallOutcome.NotExecuted);
        Assert.Equal(DecisionCode.LimitExceeded, (await authorizer.AuthorizeAsync(new ToolCall("t"))).Code);
    }

    [Fact]
    public async Task Racing_reports_of_one_call_give_back_one_unit()
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(OneAMinute.Replace("1/minute", "64/minute", StringComparison.Ordinal));
        for (int round = 0; round < 200; round++)
        {
            ToolCallDecision decision = await Allowed(authorizer);
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ =>
                Task.Run(async () => await authorizer.CompleteAsync(decision, ToolCallOutcome.NotExecuted))));
        }

        for (int i = 0; i < 64; i++)
        {
            await Allowed(authorizer);
        }

        Assert.Equal(DecisionCode.LimitExceeded, (await authorizer.AuthorizeAsync(new ToolCall("t"))).Code);
    }

    [Fact]
    public async Task Quota_never_goes_back_to_a_newer_window()
    {
        var clock = TestPolicies.ClockAt("2026-01-01T00:00:59Z");
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(OneAMinute, options => options.TimeProvider = clock);
        ToolCallDecision old = await Allowed(authorizer);
        clock.Advance(TimeSpan.FromSeconds(2));
        await Allowed(authorizer);
        await authorizer.CompleteAsync(old, ToolCallOutcome.NotExecuted);
        Assert.Equal(DecisionCode.LimitExceeded, (await authorizer.AuthorizeAsync(new ToolCall("t"))).Code);
    }

    [Fact]
    public async Task Past_the_bound_of_open_calls_a_report_returns_nothing()
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(
            OneAMinute.Replace("1/minute", "3/minute", StringComparison.Ordinal), options => options.MaxOpenCalls = 2);
        ToolCallDecision first = await Allowed(authorizer);
        await Allowed(authorizer);
        ToolCallDecision third = await Allowed(authorizer);
        await authorizer.CompleteAsync(first, ToolCallOutcome.NotExecuted);
        Assert.False((await authorizer.AuthorizeAsync(new ToolCall("t"))).IsAllowed);
        await authorizer.CompleteAsync(third, ToolCallOutcome.NotExecuted);
    }

    [Fact]
    public async Task Reports_about_denials_and_decisions_that_nobody_made_do_nothing()
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(OneAMinute);
        await Allowed(authorizer);
        ToolCallDecision denied = await authorizer.AuthorizeAsync(new ToolCall("t"));
        await authorizer.CompleteAsync(denied, ToolCallOutcome.NotExecuted);
        await authorizer.CompleteAsync(default, ToolCallOutcome.NotExecuted);
        Assert.False((await authorizer.AuthorizeAsync(new ToolCall("t"))).IsAllowed);
    }

    [Fact]
    public async Task An_unknown_outcome_is_the_callers_bug()
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(OneAMinute);
        ToolCallDecision decision = await Allowed(authorizer);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await authorizer.CompleteAsync(decision, (ToolCallOutcome)7));
    }

    private static async Task<ToolCallDecision> Allowed(ToolCallAuthorizer authorizer)
    {
        ToolCallDecision decision = await authorizer.AuthorizeAsync(new ToolCall("t"));
        Assert.True(decision.IsAllowed, decision.Message);
        return decision;
    }
}
