using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;

namespace PolicyLayer.Tests.Documents;

/// <summary>Every document of <c>schema/README.md</c> loads, and the calls below it are decided as the page says.</summary>
public class PolicyReferenceTests
{
    private const string Page = "README.md";

    private static readonly Dictionary<string, ToolCallOutcome> Outcomes = new(StringComparer.Ordinal)
    {
        ["succeeded"] = ToolCallOutcome.Succeeded,
        ["failed"] = ToolCallOutcome.Failed,
        ["not_executed"] = ToolCallOutcome.NotExecuted,
    };

    public static TheoryData<MarkdownBlock> Documents => [.. Blocks("json")];

    /// <summary>Calls, with the document before them.</summary>
    public static TheoryData<MarkdownBlock, string> Calls
    {
        get
        {
            var data = new TheoryData<MarkdownBlock, string>();
            string document = "";
            foreach (MarkdownBlock block in MarkdownPage.Blocks(Page))
            {
                document = block.Info == "json" ? block.Text : document;
                if (block.Info == "calls")
                {
                    data.Add(block, document);
                }
            }

            return data;
        }
    }

    [Fact]
    public void Blocks_are_of_known_forms()
    {
        Assert.All(MarkdownPage.Blocks(Page), block => Assert.Contains(block.Info, (string[])["json", "jsonc", "calls", "text"]));
        Assert.NotEmpty(Documents);
        Assert.NotEmpty(Calls);
    }

    [Fact]
    public void Every_member_that_this_release_takes_has_an_example()
    {
        using JsonDocument schema = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(MarkdownPage.Folder, "policy.v1.schema.json")));
        JsonElement definitions = schema.RootElement.GetProperty("$defs");
        JsonElement tool = definitions.GetProperty("tool");
        IEnumerable<string> listed =
        [
            .. Listed("document", schema.RootElement),
            .. Listed("all_tools", schema.RootElement.GetProperty("properties").GetProperty("all_tools")),
            .. Listed("entry", tool),
            .. Listed("rate_limit", tool.GetProperty("properties").GetProperty("rate_limit")),
            .. Listed("rule", definitions.GetProperty("rule")),
            .. Listed("approval_rule", definitions.GetProperty("approval_rule")),
            .. Listed("condition", definitions.GetProperty("condition")),
            .. Listed("limit", definitions.GetProperty("limit")),
            .. Listed("order", definitions.GetProperty("order")),
            .. Listed("approval", definitions.GetProperty("approval")),
        ];

        Assert.Empty(listed.Except(Blocks("json").SelectMany(block => Shown("document", JsonElement.Parse(block.Text)))));
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Document_has_no_findings(MarkdownBlock block) => Assert.Empty(TestPolicies.Load(block.Text).Diagnostics);

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Calls_are_decided_as_the_page_says(MarkdownBlock calls, string document)
    {
        FakeTimeProvider clock = TestPolicies.ClockAt("2026-01-01T00:00:00Z");
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(document, options => options.TimeProvider = clock);
        ToolArguments context = default;
        string? session = null;
        IReadOnlyDictionary<string, string>? grant = null;
        ToolCallDecision decision = default;
        foreach (string line in calls.Text.Split('\n'))
        {
            (string subject, string rest) = Split(line, ' ');
            if (!line.Contains('→', StringComparison.Ordinal))
            {
                context = subject == "context" ? ToolArguments.FromJson(rest) : context;
                session = subject == "session" ? rest : session;
                grant = subject == "grant" ? JsonSerializer.Deserialize<Dictionary<string, string>>(rest) : grant;
                Assert.Contains(subject, (string[])["context", "session", "grant", "at", "reported"]);
                if (subject == "at")
                {
                    clock.SetUtcNow(DateTimeOffset.Parse(rest, CultureInfo.InvariantCulture));
                }
                else if (subject == "reported")
                {
                    await authorizer.CompleteAsync(decision, Outcomes[rest]);
                }

                continue;
            }

            (string arguments, string expected) = Split(rest, '→');
            decision = await authorizer.AuthorizeAsync(
                new ToolCall(subject, ToolArguments.FromJson(arguments))
                {
                    Context = context,
                    SessionId = session,
                    GrantAttributes = grant,
                });
            Assert.Equal($"{line} {expected}", $"{line} {decision.Code.ToWireString()} {decision.Rule}".TrimEnd());
        }
    }

    private static IEnumerable<string> Listed(string kind, JsonElement schema) =>
        schema.GetProperty("properties").EnumerateObject().Select(member => $"{kind}.{member.Name}");

    /// <summary>The members that an object of a kind shows, and those of the objects in it.</summary>
    private static IEnumerable<string> Shown(string kind, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.EnumerateArray().SelectMany(element => Shown(kind, element)),
        JsonValueKind.Object when kind == "tools" => value.EnumerateObject().SelectMany(entry => Shown("entry", entry.Value)),
        JsonValueKind.Object =>
            value.EnumerateObject().SelectMany(member => Shown(KindIn(member.Name), member.Value).Prepend($"{kind}.{member.Name}")),
        _ => [],
    };

    private static string KindIn(string member) => member switch
    {
        "require" or "deny_if" => "rule",
        "approve_if" => "approval_rule",
        "conditions" or "any" => "condition",
        "limits" => "limit",
        "after" or "not_after" => "order",
        _ => member,
    };

    private static IEnumerable<MarkdownBlock> Blocks(string info) => MarkdownPage.Blocks(Page).Where(block => block.Info == info);

    private static (string, string) Split(string text, char separator)
    {
        string[] parts = text.Split(separator, 2, StringSplitOptions.TrimEntries);
        return (parts[0], parts[1]);
    }
}
