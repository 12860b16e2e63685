namespace PolicyLayer.Tests.Documents;

/// <summary>Lists of limits that entries have word for word alike are compiled once, and mean what they mean in each.</summary>
public sealed class SharedLimitsTests
{
    private const string Limits = """[{"counter":"c","window":"hour","max":1,"scope":"session"}]""";

    [Theory]
    [InlineData("""[{"counter":"c","window":"hour","max":0}]""")]
    [InlineData("""[{"counter":"c","window":"hour","max":1},{"counter":"c","window":"hour","max":2}]""")]
    [InlineData("""[{"counter":"shared","window":"day","max":9}]""")]
    [InlineData("""[{"counter":"c","window":"year","max":1}]""")]
    public void A_finding_is_told_at_each_of_its_places(string limits)
    {
        PolicyLoadResult result = Policy.Load(
            $$$"""
            {"version":"1","default":"deny","all_tools":{"limits":[{"counter":"shared","window":"day","max":9}]},
             "tools":{"a":{"limits":{{{limits}}} },"b":{"limits":{{{limits}}} } } }
            """);

        string[] paths = [.. result.Diagnostics.Select(finding => finding.Pointer)];
        Assert.Equal(2, paths.Length);
        Assert.StartsWith("/tools/a/limits/", paths[0], StringComparison.Ordinal);
        Assert.Equal(paths[0].Replace("/a/", "/b/", StringComparison.Ordinal), paths[1]);
    }

    [Theory]
    [InlineData("a", "b")]
    [InlineData("b", "a")]
    public async Task An_entry_names_itself_and_counts_with_the_others(string first, string second)
    {
        Policy policy = Policy.Parse(
            $$$"""
            {"version":"1","default":"deny","tools":{"a":{"limits":{{{Limits}}} },"b":{"rate_limit":"5/hour","limits":{{{Limits}}} } } }
            """);
        var authorizer = new ToolCallAuthorizer(policy);

        ToolCallDecision allowed = await authorizer.AuthorizeAsync(new ToolCall(first) { GrantId = "g", SessionId = "s" });
        ToolCallDecision denied = await authorizer.AuthorizeAsync(new ToolCall(second) { GrantId = "g", SessionId = "s" });

        Assert.True(allowed.IsAllowed);
        Assert.Equal(DecisionCode.LimitExceeded, denied.Code);
        Assert.Equal($"/tools/{second}/limits/0", denied.Rule);
    }
}
