using PolicyLayer.Counters;

namespace PolicyLayer.Tests.Calls;

/// <summary>What a call says of itself, and what an authorizer doesn't let pass unsaid.</summary>
public sealed class ToolCallTests
{
    private const string OnceADay = """
        { "version": "1", "default": "deny", "tools": { "t": { "rate_limit": "1/day" }, "free": {} } }
        """;

    [Fact]
    public void A_grant_is_never_set_to_nothing()
    {
        ArgumentNullException thrown = Assert.Throws<ArgumentNullException>("GrantId", () => new ToolCall("t") { GrantId = null! });
        Assert.Contains("a call of no grant leaves it out", thrown.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("GrantId", () => new ToolCall("t") { GrantId = "" });
        Assert.Null(new ToolCall("t").GrantId);
    }

    [Theory]
    [InlineData("t")]
    [InlineData("free")]
    [InlineData("unlisted")]
    public async Task A_call_without_a_grant_is_the_callers_bug(string tool)
    {
        var authorizer = new ToolCallAuthorizer(Policy.Parse(OnceADay));
        InvalidOperationException thrown = await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await authorizer.AuthorizeAsync(new ToolCall(tool)));
        Assert.Contains("ToolCallAuthorizerOptions.DefaultGrantId", thrown.Message, StringComparison.Ordinal);
        Assert.NotEqual(DecisionCode.InternalError, (await authorizer.AuthorizeAsync(new ToolCall(tool) { GrantId = "g" })).Code);
    }

    [Fact]
    public async Task A_call_without_a_grant_belongs_to_the_default_one_where_there_is_one()
    {
        var options = new ToolCallAuthorizerOptions { DefaultGrantId = "user", Counters = new InMemoryCounterStore() };
        var authorizer = new ToolCallAuthorizer(Policy.Parse(OnceADay), options);
        ToolCallDecision first = await authorizer.AuthorizeAsync(new ToolCall("t"));
        Assert.Equal((true, "user"), (first.IsAllowed, first.GrantId));
        ToolCallDecision second = await authorizer.AuthorizeAsync(new ToolCall("t") { GrantId = "user" });
        Assert.Equal((DecisionCode.LimitExceeded, "user"), (second.Code, second.GrantId));
        Assert.True((await authorizer.AuthorizeAsync(new ToolCall("t") { GrantId = "other" })).IsAllowed);
    }

    [Fact]
    public void A_default_grant_is_not_empty() => Assert.Throws<ArgumentException>(
        () => new ToolCallAuthorizer(Policy.Parse(OnceADay), new ToolCallAuthorizerOptions { DefaultGrantId = "" }));

    [Fact]
    public async Task Where_a_call_goes_and_where_its_session_comes_from_is_carried_and_changes_no_decision()
    {
        var call = new ToolCall("free") { GrantId = "g", Server = "files", SessionId = "s", SessionSource = SessionSource.McpSession };
        Assert.Equal(("files", SessionSource.McpSession), (call.Server, call.SessionSource));
        Assert.Equal((null, SessionSource.Host), (new ToolCall("t").Server, new ToolCall("t").SessionSource));
        Assert.True((await TestPolicies.Authorizer(OnceADay).AuthorizeAsync(call)).IsAllowed);
        Assert.Throws<ArgumentOutOfRangeException>("SessionSource", () => new ToolCall("t") { SessionSource = (SessionSource)5 });
        Assert.Throws<ArgumentOutOfRangeException>("SessionSource", () => new ToolCall("t") { SessionSource = (SessionSource)(-1) });
    }
}
