using Microsoft.Extensions.Time.Testing;
using PolicyLayer;
using PolicyLayer.Grants;

public sealed class TestedHostTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2027, 3, 1, 9, 0, 0, TimeSpan.Zero));
    private readonly ToolCallAuthorizer _authorizer;

    public TestedHostTests()
    {
        string folder = AppContext.BaseDirectory;
        Policy[] policies = [Policy.ParseFile(Path.Combine(folder, "agents.json")), Policy.ParseFile(Path.Combine(folder, "batch.json"))];
        var grants = GrantDocument.ParseFile(
            Path.Combine(folder, "grants.json"), new GrantLoadOptions { PolicyNames = [.. policies.Select(policy => policy.Name)] });
        _authorizer = new ToolCallAuthorizer(
            policies, new ToolCallAuthorizerOptions { Grants = new GrantDirectory(grants), TimeProvider = _clock });
    }

    [Theory]
    [InlineData("assistant", "run_tests", DecisionCode.Allowed)]
    [InlineData("assistant", "export", DecisionCode.NotListed)]
    [InlineData("nightly", "export", DecisionCode.Allowed)]
    [InlineData("stranger", "export", DecisionCode.GrantUnknown)]
    public async Task A_grant_says_which_policy_judges_its_calls(string grant, string tool, DecisionCode expected) =>
        Assert.Equal(expected, await JudgeAsync(new ToolCall(tool) { GrantId = grant, SessionId = "s-1" }));

    [Theory]
    [InlineData("assistant", """{ "change_window": true }""", DecisionCode.Allowed)]
    [InlineData("assistant", """{ "change_window": false }""", DecisionCode.RequireFailed)]
    [InlineData("assistant", "{}", DecisionCode.RequireFailed)]
    [InlineData("intern", """{ "change_window": true }""", DecisionCode.RequireFailed)]
    public async Task A_deployment_needs_a_team_and_a_change_window(string grant, string facts, DecisionCode expected)
    {
        await JudgeAsync(new ToolCall("run_tests") { GrantId = grant, SessionId = "s-1" });

        // What the host states as a fact, and never anything that the agent sent.
        ToolArguments context = ToolArguments.FromJson(facts);
        Assert.Equal(expected, await JudgeAsync(new ToolCall("deploy") { GrantId = grant, SessionId = "s-1", Context = context }));
    }

    [Fact]
    public async Task A_session_has_its_own_quota_and_a_call_over_it_waits_for_its_turn()
    {
        var runner = new RetryingRunner(_authorizer, _clock, patience: TimeSpan.FromMinutes(1));
        var call = new ToolCall("search") { GrantId = "assistant", SessionId = "s-1" };
        Assert.Equal(DecisionCode.Allowed, await JudgeAsync(call));
        Assert.Equal(DecisionCode.Allowed, await JudgeAsync(call));
        Assert.Equal(DecisionCode.Allowed, await JudgeAsync(call with { SessionId = "s-2" }));

        Task<string> third = runner.RunAsync(call, _ => Task.FromResult("found"), CancellationToken.None);
        Assert.False(third.IsCompleted);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("found", await third);
    }

    private async Task<DecisionCode> JudgeAsync(ToolCall call)
    {
        ToolCallDecision decision = await _authorizer.AuthorizeAsync(call);
        if (decision.IsAllowed)
        {
            await _authorizer.CompleteAsync(decision, ToolCallOutcome.Succeeded);
        }

        return decision.Code;
    }
}
