using PolicyLayer.Tests.Schemas;

namespace PolicyLayer.Tests.Documents;

/// <summary><c>schema/policy.v1.schema.json</c> agrees with the loader on all that a schema can express.</summary>
public class PolicySchemaAgreementTests
{
    /// <summary>
    /// What a schema can't see: the text itself, settable limits, what stands twice, other languages inside, and what only this release
    /// refuses.
    /// </summary>
    private static readonly HashSet<string> Inexpressible =
    [
        "PL1001", "PL1002", "PL1003", "PL1004", "PL1005", "PL1006", "PL1007", "PL1008", "PL1009", "PL1010", "PL1011",
        "PL1204", "PL1215", "PL1405",
        "PL1501", "PL1502", "PL1503", "PL1504", "PL1505", "PL1506", "PL1507", "PL1508", "PL1509", "PL1510", "PL1511",
    ];

    private static readonly CompiledSchema Schema =
        CompiledSchema.Of(File.ReadAllText(Path.Combine(MarkdownPage.Folder, "policy.v1.schema.json")));

    public static TheoryData<string> Documents
    {
        get
        {
            IEnumerable<string> found = FindingsTests.Documents
                .Select(row => MarkedDocument.Parse((string)row[0]).Text.Replace('\'', '"'));
            IEnumerable<string> pages = MarkdownPage.Blocks("diagnostics.md").Concat(MarkdownPage.Blocks("README.md"))
                .Where(block => block.Info.StartsWith("json", StringComparison.Ordinal))
                .Where(block => !DiagnosticsPageTests.IsOfGrants(block.Heading))
                .Where(block => block.Info != "jsonc" && !block.Info.Contains("bytes", StringComparison.Ordinal))
                .Select(block => block.Text);
            IEnumerable<string> examples = Directory.GetFiles(Path.Combine(MarkdownPage.Folder, "examples"), "*.json")
                .Select(File.ReadAllText);
            return [.. found.Concat(pages).Concat(examples)];
        }
    }

    [Fact]
    public void Schema_has_no_finding_itself() => Assert.Empty(Schema.Findings);

    [Theory]
    [MemberData(nameof(Documents))]
    public void Schema_and_loader_agree(string document)
    {
        string[] errors =
        [
            .. TestPolicies.Load(document).Diagnostics
                .Where(finding => finding.Severity == DiagnosticSeverity.Error)
                .Select(finding => finding.Id),
        ];
        if (errors.Length == 0)
        {
            Assert.True(Schema.Accepts(document), Schema.Failure?.ToString());
        }
        else if (!errors.Any(id => Inexpressible.Contains(id)))
        {
            Assert.False(Schema.Accepts(document));
        }
    }

    [Theory]
    [InlineData("""{ "version": "1", "default": "deny", "tools": { "pay": { "action": "require_approval", "reason": "Wait." } } }""")]
    [InlineData("""
        { "version": "1", "default": "deny", "tools": { "pay": { "approve_if": [ { "conditions": [], "reason": "r", "name": "n" } ] } } }
        """)]
    public void Schema_and_loader_take_what_asks_for_approval(string document)
    {
        Assert.True(Schema.Accepts(document));
        Assert.Empty(TestPolicies.Load(document).Diagnostics);
    }

    [Theory]
    [InlineData("""{ "version": "1", "default": "deny", "tools": { "pay": { "action": "deny", "approve_if": [] } } }""")]
    [InlineData("""{ "version": "1", "default": "deny", "tools": { "pay": { "action": "deny", "arguments": true } } }""")]
    [InlineData(
        """{ "version": "1", "default": "deny", "tools": { "pay": { "approve_if": [ { "conditions": [], "on_deny": "r" } ] } } }""")]
    [InlineData("""{ "version": "1", "default": "deny", "tools": { "pay": { "arguments": "object" } } }""")]
    public void Schema_is_closed_there_too(string document) => Assert.False(Schema.Accepts(document));

    /// <summary>Where a member may stand that nobody knows: every object that the format itself defines.</summary>
    [Theory]
    [InlineData("""{ "version": "1", "default": "deny", # }""")]
    [InlineData("""{ "version": "1", "default": "deny", "all_tools": { # } }""")]
    [InlineData("""{ "version": "1", "default": "deny", "tools": { "pay": { # } } }""")]
    [InlineData("""{ "version": "1", "default": "deny", "tools": { "pay": { "require": [ { "conditions": [], # } ] } } }""")]
    [InlineData("""{ "version": "1", "default": "deny", "tools": { "pay": { "deny_if": [ { "conditions": [], # } ] } } }""")]
    [InlineData("""{ "version": "1", "default": "deny", "tools": { "pay": { "approve_if": [ { "conditions": [], # } ] } } }""")]
    [InlineData("""
        { "version": "1", "default": "deny", "tools": {
          "pay": { "require": [ { "conditions": [ { "path": "args.a", "op": "eq", "value": 1, # } ] } ] } } }
        """)]
    [InlineData(
        """{ "version": "1", "default": "deny", "tools": { "pay": { "limits": [ { "counter": "c", "window": 60, "max": 1, # } ] } } }""")]
    [InlineData("""{ "version": "1", "default": "deny", "tools": { "pay": { "rate_limit": { "window": 60, "max": 1, # } } } }""")]
    [InlineData("""
        { "version": "1", "default": "deny", "tools": { "pay": { "action": "require_approval", "approval": { "uses": 2, # } } } }
        """)]
    [InlineData("""{ "version": "1", "default": "allow", "tools": { "pay": { "after": [ { "tool": "b", "within": 60, # } ] } } }""")]
    public void Every_object_is_closed(string document)
    {
        document = document.Replace("#", "\"unheard_of\": 1", StringComparison.Ordinal);

        Assert.False(Schema.Accepts(document));
        Assert.Contains(TestPolicies.Load(document).Diagnostics, finding => finding.Id == "PL1101");
    }

    [Theory]
    [InlineData("args.a", true)]
    [InlineData("args.a b.c-d.ü", true)]
    [InlineData("""args[\"a\\\"]\"][0][*].b""", true)]
    [InlineData("""context[\"\\u00e9\"]""", true)]
    [InlineData("grant.team", true)]
    [InlineData("args[2147483647]", true)]
    [InlineData("args", false)]
    [InlineData("args.", false)]
    [InlineData("args..a", false)]
    [InlineData("args[01]", false)]
    [InlineData("args[-1]", false)]
    [InlineData("args[a]", false)]
    [InlineData("""args[\"a]""", false)]
    [InlineData("""args[\"\\x\"]""", false)]
    [InlineData("arg.a", false)]
    [InlineData("args.a]", false)]
    [InlineData("args a", false)]
    [InlineData("args.a\\n", false)]
    public void Schema_and_loader_agree_on_paths(string path, bool isPath)
    {
        string document = """
            { "version": "1", "default": "deny", "tools": {
              "pay": { "require": [ { "conditions": [ { "path": "#", "op": "eq", "value": 1 } ] } ] } } }
            """.Replace("#", path, StringComparison.Ordinal);

        Assert.Equal(isPath, TestPolicies.Load(document).IsValid);
        Assert.Equal(isPath, Schema.Accepts(document));
    }

    [Theory]
    [InlineData("args.a", true)]
    [InlineData("args[0]", true)]
    [InlineData("""args[\"[*]\"].b""", true)]
    [InlineData("args.a[*]", true)]
    [InlineData("""args[\"x\"][*].b""", true)]
    [InlineData("args", false)]
    [InlineData("context.a", false)]
    [InlineData("grant.a", false)]
    public void Schema_and_loader_agree_on_increments(string path, bool isIncrement)
    {
        string document = """
            { "version": "1", "default": "deny", "tools": {
              "pay": { "limits": [ { "counter": "c", "window": 60, "max": 1, "increment_from": "#" } ] } } }
            """.Replace("#", path, StringComparison.Ordinal);

        Assert.Equal(isIncrement, TestPolicies.Load(document).IsValid);
        Assert.Equal(isIncrement, Schema.Accepts(document));
    }

    [Theory]
    [InlineData("args.a[*]", true)]
    [InlineData("args.a[*].b[*]", true)]
    [InlineData("""args[\"a.b\"][*]""", true)]
    [InlineData("args.a", false)]
    [InlineData("args.a[*].b", false)]
    [InlineData("args.a[0]", false)]
    [InlineData("""args[\"a[*]\"]""", false)]
    [InlineData("context.a[*]", false)]
    public void Schema_and_loader_agree_on_counts(string path, bool isCount) => Agree(
        """
        { "version": "1", "default": "deny", "tools": { "pay": { "limits": [
          { "counter": "c", "window": 60, "max": 1, "count_of": "#" } ] } } }
        """,
        path,
        isCount);

    [Theory]
    [InlineData("\"args.a\"", true)]
    [InlineData("[\"args.a\"]", true)]
    [InlineData("[\"args.a\", \"context.b[0]\", \"grant.c\", \"call.tool\"]", true)]
    [InlineData("[]", false)]
    [InlineData("[\"args.a\", \"args.b\", \"args.c\", \"args.d\", \"args.e\"]", false)]
    [InlineData("\"args.a[*]\"", false)]
    [InlineData("\"time.hour\"", false)]
    [InlineData("\"timely.hour\"", false)]
    [InlineData("[\"args.a\", \"time[\\\"hour\\\"]\"]", false)]
    [InlineData("[\"args.a\", 1]", false)]
    [InlineData("{}", false)]
    public void Schema_and_loader_agree_on_values(string per, bool isPer) => Agree(
        """{ "version": "1", "default": "deny", "tools": {"a": { "limits": [ { "counter": "c", "window": 60, "max": 1, "per": # }]}}}""",
        per,
        isPer);

    [Theory]
    [InlineData("\"increment_from\": \"args.a\", \"increment_default\": 0", true)]
    [InlineData("\"count_of\": \"args.a[*]\", \"increment_default\": 9007199254", true)]
    [InlineData("\"increment_default\": 1", false)]
    [InlineData("\"increment_from\": \"args.a\", \"increment_default\": -1", false)]
    [InlineData("\"increment_from\": \"args.a\", \"increment_default\": 9007199255", false)]
    [InlineData("\"increment_from\": \"args.a\", \"count_of\": \"args.a[*]\"", false)]
    [InlineData("\"algorithm\": \"fixed\"", true)]
    [InlineData("\"algorithm\": \"sliding\"", false)]
    public void Schema_and_loader_agree_on_what_goes_together(string members, bool isLimit) => Agree(
        """{ "version": "1", "default": "deny", "tools": { "a": { "limits": [ { "counter": "c", "window": "month", "max": 1, # } ] } } }""",
        members,
        isLimit);

    [Theory]
    [InlineData("\"tool\": \"b\", \"within\": \"day\"", true)]
    [InlineData("\"tool\": \"b\", \"within\": 86400, \"scope\": \"grant\", \"same\": \"args.a\", \"on_deny\": \"No.\"", true)]
    [InlineData("\"tool\": \"b\", \"within\": 6e1, \"scope\": \"session\", \"same\": \"call.tool\"", true)]
    [InlineData("\"tool\": \"b\"", false)]
    [InlineData("\"within\": \"day\"", false)]
    [InlineData("\"tool\": \"b*\", \"within\": \"day\"", false)]
    [InlineData("\"tool\": \"\", \"within\": \"day\"", false)]
    [InlineData("\"tool\": \"b\", \"within\": \"week\"", false)]
    [InlineData("\"tool\": \"b\", \"within\": 86401", false)]
    [InlineData("\"tool\": \"b\", \"within\": 0.5", false)]
    [InlineData("\"tool\": \"b\", \"within\": 1, \"scope\": \"policy\"", false)]
    [InlineData("\"tool\": \"b\", \"within\": 1, \"same\": \"args.a[*]\"", false)]
    [InlineData("\"tool\": \"b\", \"within\": 1, \"same\": [\"args.a\"]", false)]
    [InlineData("\"tool\": \"b\", \"within\": 1, \"description\": \"d\"", false)]
    public void Schema_and_loader_agree_on_orders(string order, bool isOrder)
    {
        Agree("""{ "version": "1", "default": "allow", "tools": { "pay": { "after": [ { # } ] } } }""", order, isOrder);
        Agree("""{ "version": "1", "default": "allow", "tools": { "pay": { "not_after": [ { # } ] } } }""", order, isOrder);
    }

    [Theory]
    [InlineData("\"1/second\"", true)]
    [InlineData("\"007/day\"", true)]
    [InlineData("\"9007199254/hour\"", true)]
    [InlineData("\"0/hour\"", false)]
    [InlineData("\"1/week\"", false)]
    [InlineData("\"1/month\"", false)]
    [InlineData("{ \"max\": 1, \"window\": \"week\" }", true)]
    [InlineData("{ \"max\": 1, \"window\": \"month\" }", true)]
    [InlineData("\"1.5/hour\"", false)]
    [InlineData("\"-1/hour\"", false)]
    [InlineData("\"1/60\"", false)]
    [InlineData("\"1 / hour\"", false)]
    [InlineData("{ \"max\": 1.5, \"window\": 60.0 }", true)]
    [InlineData("{ \"max\": 0.000001, \"window\": \"day\" }", true)]
    [InlineData("{ \"max\": 1e3, \"window\": 6e1 }", true)]
    [InlineData("{ \"max\": 9007199254.1, \"window\": 60 }", false)]
    [InlineData("{ \"max\": 1, \"window\": 2678400 }", true)]
    [InlineData("{ \"max\": 1, \"window\": 2678401 }", false)]
    [InlineData("{ \"max\": 1, \"window\": 0.5 }", false)]
    [InlineData("60", false)]
    public void Schema_and_loader_agree_on_rates(string rate, bool isRate)
    {
        string document = """{ "version": "1", "default": "deny", "tools": { "pay": { "rate_limit": # } } }"""
            .Replace("#", rate, StringComparison.Ordinal);

        Assert.Equal(isRate, TestPolicies.Load(document).IsValid);
        Assert.Equal(isRate, Schema.Accepts(document));
    }

    private static void Agree(string document, string part, bool isValid)
    {
        document = document.Replace("#", part, StringComparison.Ordinal);

        Assert.Equal(isValid, TestPolicies.Load(document).IsValid);
        Assert.Equal(isValid, Schema.Accepts(document));
    }

    /// <summary>What the schema leaves to the loader, so that nobody takes the one for the other.</summary>
    [Fact]
    public void Decimals_are_left_to_the_loader()
    {
        const string Document =
            """{ "version": "1", "default": "deny", "tools": { "pay": { "rate_limit": { "max": 0.0000001, "window": 60 } } } }""";

        Assert.True(Schema.Accepts(Document));
        Assert.False(TestPolicies.Load(Document).IsValid);
    }
}
