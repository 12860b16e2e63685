namespace PolicyLayer.Tests.Robustness;

/// <summary>Where a policy has so many names and patterns that loading doesn't look for what is hidden, each call does.</summary>
public sealed class LateHidingTests
{
    private static readonly ToolCallAuthorizer Authorizer = TestPolicies.Authorizer(
        $$"""
        { "version": "1", "default": "allow", "hide": ["kept_out", "listed_out", {{Each(1_000, "\"*_x@_*\"")}}],
          "tools": { "listed_out": {}, "a_x999_b": {}, {{Each(10_000, "\"t@\": {}")}} } }
        """);

    [Theory]
    [InlineData("kept_out", DecisionCode.Hidden)]
    [InlineData("listed_out", DecisionCode.Hidden)]
    [InlineData("a_x999_b", DecisionCode.Hidden)]
    [InlineData("unlisted_x0_", DecisionCode.Hidden)]
    [InlineData("t9999", DecisionCode.Allowed)]
    [InlineData("T9999", DecisionCode.NotListed)]
    [InlineData("other", DecisionCode.Allowed)]
    public void Call_is_judged_as_ever(string tool, DecisionCode expected) =>
        Assert.Equal(expected, TestPolicies.Now(Authorizer.AuthorizeAsync(new ToolCall(tool))).Code);

    [Fact]
    public void Names_that_are_hidden_alone_are_hidden_beside_many_patterns_of_entries()
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(
            $$"""
            { "version": "1", "default": "allow", "hide": [{{Each(10_001, "\"h@\"")}}],
              "tools": { {{Each(1_000, "\"*_x@_*\": {}")}} } }
            """);
        Assert.Equal(DecisionCode.Hidden, TestPolicies.Now(authorizer.AuthorizeAsync(new ToolCall("h10000"))).Code);
        Assert.Equal(DecisionCode.Allowed, TestPolicies.Now(authorizer.AuthorizeAsync(new ToolCall("h10001"))).Code);
    }

    private static string Each(int count, string element) =>
        string.Join(", ", Enumerable.Range(0, count).Select(i => element.Replace("@", $"{i}", StringComparison.Ordinal)));
}
