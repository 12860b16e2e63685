using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using PolicyLayer.Documents;
using PolicyLayer.Grants;

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
            descriptor => Assert.Matches(
                descriptor.Severity == DiagnosticSeverity.Error ? "^PL(1|3[0-4])" : "^PL(2|3[5-9])", descriptor.Id));
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void Example_shows_its_finding_and_no_other(string id, MarkdownBlock example)
    {
        string[] info = example.Info.Split(' ');
        Assert.Equal("json", info[0]);
        byte[] document = info.Contains("bytes") ? Bytes(example.Text) : Encoding.UTF8.GetBytes(example.Text);
        (bool isValid, IReadOnlyList<PolicyDiagnostic> findings) = IsOfGrants(id)
            ? LoadGrants(document, info[1..])
            : LoadPolicy(document, info[1..]);
        if (id == "PL2021")
        {
            Assert.Equal((100, id), (findings.Count, findings[^1].Id));
            return;
        }

        Assert.Equal(id, Assert.Single(findings.Select(finding => finding.Id).Distinct()));
        Assert.Equal(Descriptors.Single(descriptor => descriptor.Id == id).Severity == DiagnosticSeverity.Warning, isValid);
    }

    /// <summary>Whether an id is one of files of grants.</summary>
    internal static bool IsOfGrants(string id) => id.StartsWith("PL3", StringComparison.Ordinal);

    private static (bool, IReadOnlyList<PolicyDiagnostic>) LoadPolicy(byte[] document, IEnumerable<string> words)
    {
        PolicyLoadResult result = Policy.Load(document, Options(new PolicyLoadOptions(), words));
        return (result.IsValid, result.Diagnostics);
    }

    private static (bool, IReadOnlyList<PolicyDiagnostic>) LoadGrants(byte[] document, IEnumerable<string> words)
    {
        GrantLoadResult result = GrantDocument.Load(document, GrantOptions(words));
        return (result.IsValid, result.Diagnostics);
    }

    /// <summary>The options of an example; <c>Policies=a,b</c> stands for the names of the host's policies.</summary>
    internal static GrantLoadOptions GrantOptions(IEnumerable<string> words)
    {
        ILookup<bool, string> named = words.ToLookup(word => word.StartsWith("Policies=", StringComparison.Ordinal));
        return Options(new GrantLoadOptions { PolicyNames = named[true].SingleOrDefault()?.Split('=')[1].Split(',') }, named[false]);
    }

    private static T Options<T>(T options, IEnumerable<string> words)
        where T : class
    {
        foreach (string[] pair in words.Select(word => word.Split('=')).Where(pair => pair.Length == 2))
        {
            typeof(T).GetProperty(pair[0])!.SetValue(options, int.Parse(pair[1], CultureInfo.InvariantCulture));
        }

        return options;
    }

    private static byte[] Bytes(string text) =>
        Encoding.Latin1.GetBytes(Regex.Replace(
            text,
            @"\\x([0-9A-F]{2})",
            match => ((char)int.Parse(match.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString()));
}
