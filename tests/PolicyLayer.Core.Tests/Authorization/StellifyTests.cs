using Microsoft.Extensions.Time.Testing;

namespace PolicyLayer.Tests.Authorization;

public sealed class StellifyTests
{
    private readonly FakeTimeProvider _clock = TestPolicies.ClockAt("2026-01-01T00:00:40.250Z");
    private readonly ToolCallAuthorizer _authorizer;

    public StellifyTests()
    {
        _authorizer = TestPolicies.Authorizer(TestPolicies.Stellify, options => options.TimeProvider = _clock);
    }

    [Fact]
    public async Task Ten_calls_a_minute_are_allowed_and_the_next_is_denied_until_the_minute_ends()
    {
        for (int i = 0; i < 10; i++)
        {
            ToolCallDecision allowed = await RunCode("ci");
            Assert.True(allowed.IsAllowed);
            Assert.Null(allowed.Message);
            Assert.Equal("", allowed.Rule);
        }

        ToolCallDecision denied = await RunCode("ci");
        Assert.Equal(DecisionCode.LimitExceeded, denied.Code);
        Assert.Equal(DecisionOutcome.Deny, denied.Outcome);
        Assert.Equal("/tools/run_code/limits/0", denied.Rule);
        Assert.Equal("[POLICY DENIED] The limit `run_code_rate` of 10 per minute is used up. Try again in 20 seconds.", denied.Message);
        Assert.Equal(TimeSpan.FromMilliseconds(19_750), denied.RetryAfter);

        _clock.Advance(TimeSpan.FromMilliseconds(19_749));
        Assert.False((await RunCode("ci")).IsAllowed);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True((await RunCode("ci")).IsAllowed);
    }

    [Fact]
    public async Task Each_grant_has_its_own_ten()
    {
        for (int i = 0; i < 10; i++)
        {
            await RunCode("ci");
        }

        Assert.False((await RunCode("ci")).IsAllowed);
        Assert.True((await RunCode("deploy")).IsAllowed);
        Assert.True((await _authorizer.AuthorizeAsync(new ToolCall("run_code"))).IsAllowed);
    }

    [Theory]
    [InlineData("delete_everything")]
    [InlineData("RUN_CODE")]
    [InlineData("run_code ")]
    [InlineData("")]
    public async Task A_tool_that_is_not_listed_is_denied(string tool)
    {
        ToolCallDecision decision = await _authorizer.AuthorizeAsync(new ToolCall(tool));
        Assert.Equal(DecisionCode.NotListed, decision.Code);
        Assert.Equal("/default", decision.Rule);
        Assert.Equal("[POLICY DENIED] This tool is not listed in the policy.", decision.Message);
        Assert.Null(decision.RetryAfter);
    }

    [Fact]
    public async Task A_denied_call_spends_nothing()
    {
        for (int i = 0; i < 10; i++)
        {
            await _authorizer.AuthorizeAsync(new ToolCall("run_code", ToolArguments.FromJson("[]")) { GrantId = "ci" });
        }

        Assert.True((await RunCode("ci")).IsAllowed);
    }

    [Fact]
    public async Task A_clock_that_steps_back_opens_nothing()
    {
        var clock = new SteppingClock { Now = DateTimeOffset.UnixEpoch.AddMinutes(100) };
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(TestPolicies.Stellify, options => options.TimeProvider = clock);
        for (int i = 0; i < 10; i++)
        {
            Assert.True((await authorizer.AuthorizeAsync(new ToolCall("run_code"))).IsAllowed);
        }

        clock.Now -= TimeSpan.FromMinutes(5);
        Assert.Equal(DecisionCode.LimitExceeded, (await authorizer.AuthorizeAsync(new ToolCall("run_code"))).Code);
        clock.Now += TimeSpan.FromMinutes(6);
        Assert.True((await authorizer.AuthorizeAsync(new ToolCall("run_code"))).IsAllowed);
    }

    private ValueTask<ToolCallDecision> RunCode(string grant) =>
        _authorizer.AuthorizeAsync(new ToolCall("run_code") { GrantId = grant });

    private sealed class SteppingClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
