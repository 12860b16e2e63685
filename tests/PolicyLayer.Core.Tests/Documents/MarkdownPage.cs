namespace PolicyLayer.Tests.Documents;

/// <summary>A fenced block of a page: what follows the fence, its text, and its first line's number.</summary>
public sealed record MarkdownBlock(string Info, string Text, int Line, string Heading);

/// <summary>Reads the project's own pages, which the build copies beside the tests.</summary>
internal static class MarkdownPage
{
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "schema");

    public static string[] Lines(string page) => File.ReadAllLines(Path.Combine(Folder, page));

    public static IEnumerable<MarkdownBlock> Blocks(string page)
    {
        string heading = "";
        string? info = null;
        var text = new List<string>();
        string[] lines = Lines(page);
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].StartsWith("```", StringComparison.Ordinal))
            {
                if (info is null)
                {
                    (info, text) = (lines[i][3..], []);
                }
                else
                {
                    yield return new MarkdownBlock(info, string.Join('\n', text), i + 1 - text.Count, heading);
                    info = null;
                }
            }
            else if (info is not null)
            {
                text.Add(lines[i]);
            }
            else if (lines[i].StartsWith('#'))
            {
                heading = lines[i].TrimStart('#', ' ');
            }
        }

        Assert.Null(info);
    }
}
