using System.Text.Json;
using PolicyLayer.Grants;
using PolicyLayer.Tests.Schemas;

namespace PolicyLayer.Tests.Documents;

/// <summary><c>schema/grants.v1.schema.json</c> and <c>schema/grants.md</c> agree with the loader.</summary>
public sealed class GrantSchemaTests
{
    private const string Page = "grants.md";

    /// <summary>What a schema can't see: the text itself, bounds, what stands twice, what the host has, years beyond the clock's.</summary>
    private static readonly HashSet<string> Inexpressible =
        ["PL1001", "PL1002", "PL1003", "PL1004", "PL1005", "PL1006", "PL1010", "PL3001", "PL3002", "PL3003", "PL3004", "PL3007"];

    private static readonly string Text = File.ReadAllText(Path.Combine(MarkdownPage.Folder, "grants.v1.schema.json"));

    private static readonly CompiledSchema Schema = CompiledSchema.Of(Text);

    public static TheoryData<string> Documents =>
    [
        .. GrantFindingsTests.Documents.Select(row => MarkedDocument.Parse((string)row[0]).Text.Replace('\'', '"')),
        .. MarkdownPage.Blocks(Page).Where(block => block.Info == "json").Select(block => block.Text),
        .. MarkdownPage.Blocks("diagnostics.md").Where(block => DiagnosticsPageTests.IsOfGrants(block.Heading)).Select(block => block.Text),
    ];

    [Fact]
    public void Schema_has_no_finding_itself() => Assert.Empty(Schema.Findings);

    [Theory]
    [MemberData(nameof(Documents))]
    public void Schema_and_loader_agree(string document)
    {
        string[] errors =
        [
            .. GrantFindingsTests.Load(document).Diagnostics
                .Where(finding => finding.Severity == DiagnosticSeverity.Error)
                .Select(finding => finding.Id),
        ];
        if (errors.Length == 0)
        {
            Assert.True(Schema.Accepts(document), Schema.Failure?.ToString());
        }
        else if (!errors.Any(Inexpressible.Contains))
        {
            Assert.False(Schema.Accepts(document));
        }
    }

    [Fact]
    public void Schema_page_and_loader_have_the_same_members()
    {
        JsonElement schema = JsonElement.Parse(Text);
        string[] document = [.. schema.GetProperty("properties").EnumerateObject().Select(member => member.Name)];
        string[] grant =
            [.. schema.GetProperty("$defs").GetProperty("grant").GetProperty("properties").EnumerateObject().Select(member => member.Name)];
        string[] page = [.. MarkdownPage.Lines(Page).Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(FirstWord)];

        Assert.Equal([.. document.Where(name => name != "$schema"), .. grant], page);
        foreach (string name in grant)
        {
            GrantLoadResult loaded = GrantDocument.Load($$"""{ "grants": [{ "{{name}}": null }] }""");
            Assert.DoesNotContain("PL1101", loaded.Diagnostics.Select(finding => finding.Id));
        }
    }

    [Fact]
    public void The_pages_example_is_read_without_a_finding() => Assert.All(
        MarkdownPage.Blocks(Page).Where(block => block.Info == "json"),
        block => Assert.Empty(GrantDocument.Load(block.Text).Diagnostics));

    private static string FirstWord(string row) => row.Split('`')[1];
}
