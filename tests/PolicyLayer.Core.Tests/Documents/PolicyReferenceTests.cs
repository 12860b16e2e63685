using System.Text.Json;

namespace PolicyLayer.Tests.Documents;

/// <summary>Every document of <c>schema/README.md</c> loads, and the calls below it are decided as the page says.</summary>
public class PolicyReferenceTests
{
    private const string Page = "README.md";

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

    [Theory]
    [MemberData(nameof(Documents))]
    public void Document_has_no_findings(MarkdownBlock block) => Assert.Empty(TestPolicies.Load(block.Text).Diagnostics);

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Calls_are_decided_as_the_page_says(MarkdownBlock calls, string document)
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(document);
        ToolArguments context = default;
        string? session = null;
        IReadOnlyDictionary<string, string>? grant = null;
        foreach (string line in calls.Text.Split('\n'))
        {
            (string subject, string rest) = Split(line, ' ');
            if (!line.Contains('→', StringComparison.Ordinal))
            {
                context = subject == "context" ? ToolArguments.FromJson(rest) : context;
                session = subject == "session" ? rest : session;
                grant = subject == "grant" ? JsonSerializer.Deserialize<Dictionary<string, string>>(rest) : grant;
                Assert.Contains(subject, (string[])["context", "session", "grant"]);
                continue;
            }

            (string arguments, string expected) = Split(rest, '→');
            ToolCallDecision decision = await authorizer.AuthorizeAsync(
                new ToolCall(subject, ToolArguments.FromJson(arguments)) { Context = context, SessionId = session, GrantAttributes = grant });
            Assert.Equal($"{line} {expected}", $"{line} {decision.Code.ToCodeString()} {decision.Rule}".TrimEnd());
        }
    }

    private static IEnumerable<MarkdownBlock> Blocks(string info) => MarkdownPage.Blocks(Page).Where(block => block.Info == info);

    private static (string, string) Split(string text, char separator)
    {
        string[] parts = text.Split(separator, 2, StringSplitOptions.TrimEntries);
        return (parts[0], parts[1]);
    }
}
