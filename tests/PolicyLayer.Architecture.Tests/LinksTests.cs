using Markdig;
using Markdig.Extensions.AutoIdentifiers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace PolicyLayer.Tests.Architecture;

/// <summary>Links of all Markdown files: within the repository each leads to a file, and to a heading of it where it names one.</summary>
public sealed class LinksTests
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .UsePipeTables()
        .UseAutoIdentifiers(AutoIdentifierOptions.GitHub)
        .Build();

    [Fact]
    public void A_link_leads_somewhere() =>
        Rule.Holds(
            from file in Repository.FilesIn("", "*.md")
            let path = Path.Combine(Repository.Root, file)
            from link in Parse(path).Descendants<LinkInline>()
            where !Leads(path, link.Url ?? "")
            select $"{file}:{link.Line + 1} {link.Url}");

    [Theory]
    [InlineData("README.md", true)]
    [InlineData("schema/README.md#at-a-glance", true)]
    [InlineData("#quick-start", true)]
    [InlineData("schema", true)]
    [InlineData("https://example.com/a", true)]
    [InlineData("README", false)]
    [InlineData("schema/README.md#at-a-glans", false)]
    [InlineData("#Quick-start", false)]
    [InlineData("schema#at-a-glance", false)]
    [InlineData("../shared/cli.md", false)]
    [InlineData("http://example.com/a", false)]
    [InlineData("", false)]
    public void A_link_that_leads_nowhere_is_found(string link, bool leads) =>
        Assert.Equal(leads, Leads(Path.Combine(Repository.Root, "README.md"), link));

    private static MarkdownDocument Parse(string path) => Markdown.Parse(File.ReadAllText(path), Pipeline);

    private static bool Leads(string from, string link)
    {
        if (Uri.TryCreate(link, UriKind.Absolute, out Uri? address))
        {
            return address.Scheme == Uri.UriSchemeHttps;
        }

        string[] parts = link.Split('#', 2);
        string target = parts[0].Length == 0 ? from : Path.GetFullPath(parts[0], Path.GetDirectoryName(from)!);
        return link.Length > 0
            && target.StartsWith(Repository.Root, StringComparison.Ordinal)
            && (parts.Length == 1 ? Path.Exists(target) : File.Exists(target) && Anchors(target).Contains(parts[1]));
    }

    private static IEnumerable<string?> Anchors(string path) =>
        Parse(path).Descendants<HeadingBlock>().Select(heading => heading.GetAttributes().Id);
}
