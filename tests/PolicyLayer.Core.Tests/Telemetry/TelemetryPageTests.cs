using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;
using PolicyLayer.Telemetry;
using PolicyLayer.Tests.Documents;

namespace PolicyLayer.Tests.Telemetry;

/// <summary><c>schema/telemetry.md</c> lists what is told, and all of it; and nothing that is told is an agent's.</summary>
[Collection(ListeningAlone.Name)]
public sealed partial class TelemetryPageTests : IDisposable
{
    private static readonly Dictionary<string, string> Kinds = new()
    {
        ["Counter`1"] = "counter",
        ["Histogram`1"] = "histogram",
        ["ObservableUpDownCounter`1"] = "up-down counter, observed",
        ["ObservableGauge`1"] = "gauge, observed",
    };

    private readonly Everything _everything = new();

    public void Dispose() => _everything.Dispose();

    [Fact]
    public async Task The_page_has_every_metric_with_its_unit_and_attributes()
    {
        await _everything.RunAsync();
        ILookup<string, string> attributes = _everything.Tags.Distinct().ToLookup(tag => tag.Metric, tag => tag.Name);
        Assert.Equal(
            Table("Metrics").Select(row => (Words(row[1]).Single(), row[2], Words(row[3]).Single(), Joined(Words(row[4])))).Order(),
            _everything.Instruments.Values.Select(instrument =>
                (instrument.Name, Kinds[instrument.GetType().Name], instrument.Unit!, Joined(attributes[instrument.Name]))).Order());
    }

    [Fact]
    public async Task The_page_has_every_attribute_of_spans()
    {
        await _everything.RunAsync();
        Assert.Equal(
            Table("The span").Select(row => Words(row[1]).Single()).Order(StringComparer.Ordinal),
            _everything.Spans.SelectMany(span => span.TagObjects).Select(tag => tag.Key).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_page_has_every_name_and_word()
    {
        string page = string.Join('\n', MarkdownPage.Lines("telemetry.md"));
        IEnumerable<string> names = typeof(TelemetryNames).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (string)field.GetRawConstantValue()!);
        Assert.All(names.Concat(Operations.Names.Texts), name => Assert.Contains($"`{name}`", page, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_that_is_told_is_an_agents()
    {
        await _everything.RunAsync();
        Assert.True(_everything.Spans.Count > 15);
        Assert.All(_everything.Spans, span => Assert.DoesNotContain(Everything.Secret, TextOf(span), StringComparison.Ordinal));
        Assert.DoesNotContain(_everything.Tags, tag => $"{tag.Name}{tag.Value}".Contains(Everything.Secret, StringComparison.Ordinal));
        Assert.Contains(_everything.Tags, tag => tag is { Name: "gen_ai.tool.name", Value: "get_*" });
        Assert.All(_everything.Spans, span => Assert.Empty(span.Events));
    }

    private static string TextOf(Activity span) => string.Join(
        ' ',
        [span.DisplayName, span.StatusDescription, span.TraceStateString, .. span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}")]);

    private static string Joined(IEnumerable<string> names) => string.Join(' ', names.Distinct().Order(StringComparer.Ordinal));

    private static IEnumerable<string[]> Table(string heading) => MarkdownPage.Lines("telemetry.md")
        .SkipWhile(line => line != $"## {heading}").Skip(1)
        .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
        .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries));

    private static IEnumerable<string> Words(string cell) => Word().Matches(cell).Select(word => word.Groups[1].Value);

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Word();
}
