namespace PolicyLayer.Tests.Authorization;

/// <summary>What a host's list of tools is filtered by says what every call would meet.</summary>
public sealed class AvailabilityTests
{
    private const string Document = """
        { "version": "1", "default": "deny", "hide": ["admin_*", "secret", "listed_but_hidden"],
          "all_tools": { "deny_if": [{ "conditions": [] }] },
          "tools": {
            "free": {}, "limited": { "rate_limit": { "max": 0, "window": 60 } }, "ruled": { "require": [{ "conditions": [
              { "path": "args.x", "op": "eq", "value": 1 } ] }] }, "timed": { "deny_if": [{ "conditions": [
              { "path": "time.hour", "op": "gte", "value": 0 } ] }] }, "admin_list": {}, "listed_but_hidden": {},
            "drop_*": { "action": "deny" }, "drop_nothing": {} } }
        """;

    [Theory]
    [InlineData("free", ToolAvailability.Callable)]
    [InlineData("limited", ToolAvailability.Callable)]
    [InlineData("ruled", ToolAvailability.Callable)]
    [InlineData("timed", ToolAvailability.Callable)]
    [InlineData("drop_nothing", ToolAvailability.Callable)]
    [InlineData("drop_table", ToolAvailability.Never)]
    [InlineData("unlisted", ToolAvailability.Never)]
    [InlineData("Free", ToolAvailability.Never)]
    [InlineData("", ToolAvailability.Never)]
    [InlineData("admin_list", ToolAvailability.Hidden)]
    [InlineData("admin_anything", ToolAvailability.Hidden)]
    [InlineData("secret", ToolAvailability.Hidden)]
    [InlineData("listed_but_hidden", ToolAvailability.Hidden)]
    public async Task A_tool_is_described_as_its_calls_are_judged(string tool, ToolAvailability expected)
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(Document);
        ValueTask<ToolAvailability> described = authorizer.DescribeAsync(tool, "ci");
        Assert.True(described.IsCompletedSuccessfully);
        Assert.Equal(expected, await described);
        DecisionCode code = (await authorizer.AuthorizeAsync(new ToolCall(tool))).Code;
        Assert.Equal(expected == ToolAvailability.Hidden, code == DecisionCode.Hidden);
        Assert.Equal(expected == ToolAvailability.Never, code is DecisionCode.NotListed or DecisionCode.ActionDeny);
    }

    [Fact]
    public async Task Under_default_allow_an_unlisted_tool_is_callable()
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer("""{ "version": "1", "default": "allow" }""");
        Assert.Equal(ToolAvailability.Callable, await authorizer.DescribeAsync("anything"));
    }

    [Theory]
    [InlineData("free", ToolAvailability.Callable)]
    [InlineData("Free", ToolAvailability.Never)]
    [InlineData("unlisted", ToolAvailability.Callable)]
    [InlineData("a_drop_b", ToolAvailability.Never)]
    [InlineData("a_secret_b", ToolAvailability.Hidden)]
    [InlineData("free_secret_", ToolAvailability.Hidden)]
    public async Task Patterns_and_case_are_described_as_they_are_judged(string tool, ToolAvailability expected)
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer("""
            { "version": "1", "default": "allow", "hide": ["*_secret_*"], "tools": { "free": {}, "*_drop_*": { "action": "deny" } } }
            """);
        Assert.Equal(expected, await authorizer.DescribeAsync(tool));
        Assert.Equal(expected == ToolAvailability.Callable, (await authorizer.AuthorizeAsync(new ToolCall(tool))).IsAllowed);
    }

    [Fact]
    public async Task Whose_calls_are_all_malformed_may_call_nothing()
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer("""{ "version": "1", "default": "allow" }""");
        string half = "ci" + '\ud800';
        Assert.Equal(ToolAvailability.Never, await authorizer.DescribeAsync("anything", half));
        Assert.Equal(ToolAvailability.Never, await authorizer.DescribeAsync("any" + half, "ci"));
        Assert.Equal(
            DecisionCode.ArgumentsMalformed, (await authorizer.AuthorizeAsync(new ToolCall("anything") { GrantId = half })).Code);
    }

    [Fact]
    public async Task A_list_is_filtered_for_somebody_and_spends_nothing()
    {
        const string Once = """{ "version": "1", "default": "deny", "tools": { "t": { "rate_limit": "1/day" } } }""";
        var nobody = new ToolCallAuthorizer(Policy.Parse(Once));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await nobody.DescribeAsync("t"));
        await Assert.ThrowsAsync<ArgumentException>("grantId", async () => await nobody.DescribeAsync("t", ""));
        await Assert.ThrowsAsync<ArgumentNullException>("toolName", async () => await nobody.DescribeAsync(null!, "ci"));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await nobody.DescribeAsync("t", "ci", new CancellationToken(canceled: true)));
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(ToolAvailability.Callable, await nobody.DescribeAsync("t", "ci"));
        }

        Assert.True((await nobody.AuthorizeAsync(new ToolCall("t") { GrantId = "ci" })).IsAllowed);
        Assert.Equal(ToolAvailability.Callable, await nobody.DescribeAsync("t", "ci"));
    }
}
