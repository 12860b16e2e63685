using PolicyLayer.DecisionTree;

namespace PolicyLayer.Tests.Documents;

/// <summary>Entries that are word for word alike are compiled once, and mean what they mean under each name.</summary>
public sealed class SharedEntriesTests
{
    private const string Limits =
        """{"limits":[{"counter":"c","window":"hour","max":1},{"counter":"d","window":"day","max":9}]}""";

    [Fact]
    public void Entries_alike_share_what_they_are_made_of()
    {
        Policy policy = Policy.Parse(Twice(Limits));

        ToolEntry a = policy.Tree.Find("a");
        ToolEntry b = policy.Tree.Find("b");

        Assert.Equal(("a", "b"), (a.Key, b.Key));
        Assert.NotNull(a.Counting);
        Assert.Same(a.Counting, b.Counting);
    }

    [Fact]
    public void Entries_of_one_length_that_differ_share_nothing()
    {
        string[] entries = [.. Enumerable.Range(1_000, 500).Select(max => Limits.Replace(":9}", $":{max}}}", StringComparison.Ordinal))];
        Policy policy = Policy.Parse(Document(string.Join(',', entries.Select((entry, i) => $"\"t{i}\":{entry}"))));

        long[] maxima = [.. entries.Select((_, i) => policy.Tree.Find($"t{i}").Counting!.UseAt(1).MaxMillionths)];

        Assert.Equal(Enumerable.Range(1_000, 500).Select(max => max * 1_000_000L), maxima);
    }

    [Theory]
    [InlineData("""{"risk":"none"}""", "/risk")]
    [InlineData("""{"reason":"r"}""", "/reason")]
    [InlineData("""{"action":"deny","limits":[]}""", "/limits")]
    [InlineData("""{"approve_if":[{"conditions":[],"on_deny":"r"}]}""", "/approve_if/0/on_deny")]
    [InlineData("""{"after":"x"}""", "/after")]
    [InlineData("""{"limits":[{"counter":"c","window":"hour","max":0}]}""", "/limits/0/max")]
    [InlineData("""{"arguments":{"type":"text"}}""", "/arguments/type")]
    [InlineData("[]", "")]
    public void A_finding_is_told_at_each_of_its_places(string entry, string place)
    {
        PolicyLoadResult result = Policy.Load(Twice(entry));

        Assert.Equal(["/tools/a" + place, "/tools/b" + place], result.Diagnostics.Select(finding => finding.Pointer));
    }

    [Theory]
    [InlineData(Limits, "/limits/0")]
    [InlineData("""{"rate_limit":"1/hour"}""", "/rate_limit")]
    [InlineData("""{"limits":[{"counter":"c","window":"hour","max":1}],"rate_limit":"1/minute"}""", "/limits/0")]
    [InlineData("""{"arguments":{"required":["x"]}}""", "/arguments/required")]
    [InlineData("""{"require":[{"conditions":[{"path":"args.x","op":"eq","value":1}]}]}""", "/require/0")]
    [InlineData("""{"deny_if":[{"conditions":[{"path":"args.x","op":"exists","value":false}]}]}""", "/deny_if/0")]
    [InlineData("""{"after":[{"tool":"c","within":"hour","scope":"grant"}]}""", "/after/0")]
    [InlineData("""{"not_after":[{"tool":"c","within":"hour"}]}""", "/not_after/0")]
    [InlineData("""{"action":"deny"}""", "/action")]
    [InlineData("""{"action":"require_approval"}""", "/action")]
    [InlineData("""{"action":"require_approval","limits":[{"counter":"c","window":"hour","max":1}]}""", "/action")]
    [InlineData("""{"approve_if":[{"conditions":[]}]}""", "/approve_if/0")]
    public async Task A_denial_names_the_entry_of_the_tool_that_was_called(string entry, string place)
    {
        var authorizer = new ToolCallAuthorizer(Policy.Parse(Twice(entry)));
        var denials = new List<string>();
        foreach (string tool in (string[])["b", "b", "a", "a", "b"])
        {
            ToolCallDecision decision = await authorizer.AuthorizeAsync(new ToolCall(tool) { GrantId = "g" });
            if (!decision.IsAllowed)
            {
                Assert.Equal($"/tools/{tool}{place}", decision.Rule);
                denials.Add(tool);
            }
        }

        Assert.Contains("a", denials);
        Assert.Contains("b", denials);
    }

    [Fact]
    public async Task A_rate_counts_the_calls_of_its_own_entry()
    {
        var authorizer = new ToolCallAuthorizer(Policy.Parse(Twice("""{"rate_limit":"1/hour"}""")));
        var allowed = new List<bool>();
        foreach (string tool in (string[])["a", "b", "a", "b"])
        {
            allowed.Add((await authorizer.AuthorizeAsync(new ToolCall(tool) { GrantId = "g" })).IsAllowed);
        }

        Assert.Equal([true, true, false, false], allowed);
    }

    private static string Twice(string entry) => Document($"\"a\":{entry},\"b\":{entry},\"c\":{{}}");

    private static string Document(string tools) => $$"""{"version":"1","default":"deny","tools":{ {{tools}} } }""";
}
