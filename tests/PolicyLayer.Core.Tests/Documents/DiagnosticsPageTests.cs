using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using PolicyLayer.Documents;

namespace PolicyLayer.Tests.Documents;

/// <summary><c>schema/diagnostics.md</c> lists what the code reports, and each of its examples shows it.</summary>
public class DiagnosticsPageTests
{
    private const string Page = "diagnostics.md";

    private static DiagnosticDescriptor[] Descriptors { get; } =
    [
        .. typeof(DiagnosticDescriptors).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (DiagnosticDescriptor)field.GetValue(null)!),
    ];

    public static TheoryData<string, MarkdownBlock> Examples
    {
        get
        {
            var data = new TheoryData<string, MarkdownBlock>();
            foreach (MarkdownBlock block in MarkdownPage.Blocks(Page))
            {
                data.Add(block.Heading.Split(' ')[0], block);
            }

            return data;
        }
    }

    [Fact]
    public void Page_and_code_have_the_same_ids_and_severities()
    {
        IEnumerable<string> code = Descriptors.Select(descriptor => $"{descriptor.Id} {descriptor.Severity}".ToUpperInvariant());
        IEnumerable<string> page = MarkdownPage.Lines(Page)
            .Select(line => Regex.Match(line, "^### (PL[0-9]{4}) · (error|warning) · [^ ]"))
            .Where(match => match.Success)
            .Select(match => $"{match.Groups[1].Value} {match.Groups[2].Value}".ToUpperInvariant());

        Assert.Equal(code.Order(StringComparer.Ordinal), page);
    }

    [Fact]
    public void Every_id_has_an_example_a_cure_and_a_number_that_tells_its_severity()
    {
        string text = string.Join('\n', MarkdownPage.Lines(Page));
        Assert.Equal(
            Descriptors.Select(descriptor => descriptor.Id).Order(StringComparer.Ordinal),
            MarkdownPage.Blocks(Page).Select(block => block.Heading.Split(' ')[0]).Order(StringComparer.Ordinal));
        Assert.All(text.Split("\n### ")[1..], section => Assert.Contains("\nCure: ", section, StringComparison.Ordinal));
        Assert.All(
            Descriptors,
            descriptor => Assert.StartsWith(
                descriptor.Severity == DiagnosticSeverity.Error ? "PL1" : "PL2", descriptor.Id, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void Example_shows_its_finding_and_no_other(string id, MarkdownBlock example)
    {
        string[] info = example.Info.Split(' ');
        Assert.Equal("json", info[0]);
        byte[] document = info.Contains("bytes") ? Bytes(example.Text) : Encoding.UTF8.GetBytes(example.Text);
        PolicyLoadResult result = Policy.Load(document, Options(info[1..]));
        if (id == "PL2021")
        {
            Assert.Equal((100, id), (result.Diagnostics.Count, result.Diagnostics[^1].Id));
            return;
        }

        Assert.Equal(id, Assert.Single(result.Diagnostics.Select(finding => finding.Id).Distinct()));
        Assert.Equal(id.StartsWith("PL2", StringComparison.Ordinal), result.IsValid);
    }

    private static PolicyLoadOptions Options(IEnumerable<string> words)
    {
        var options = new PolicyLoadOptions();
        foreach (string[] pair in words.Select(word => word.Split('=')).Where(pair => pair.Length == 2))
        {
            typeof(PolicyLoadOptions).GetProperty(pair[0])!.SetValue(options, int.Parse(pair[1], CultureInfo.InvariantCulture));
        }

        return options;
    }

    private static byte[] Bytes(string text) =>
        Encoding.Latin1.GetBytes(Regex.Replace(
            text,
            @"\\x([0-9A-F]{2})",
            match => ((char)int.Parse(match.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString()));
}
