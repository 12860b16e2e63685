using System.Text.Json;
using PolicyLayer.Compilation.Rules;
using PolicyLayer.Counters;
using PolicyLayer.DecisionTree.Schemas;
using PolicyLayer.Tests.Behaviour;
using PolicyLayer.Tests.Differential;

namespace PolicyLayer.Tests.Documents;

/// <summary>
/// The words of a policy are the same in every place that lists them: a word that is added to one of them and not to all the others fails
/// here. The examples stand for the <c>policylayer</c> tool, whose tests run them.
/// </summary>
public sealed class WordsAgreementTests
{
    private const string Reference = "README.md";

    /// <summary>
    /// What no generated policy and call bring about: it takes a grant, an approval, a store or a sink; or a schema, which has a
    /// generator and a naive reader of its own.
    /// </summary>
    private static readonly string[] CodesFromElsewhere =
    [
        "arguments_invalid", "internal_error", "grant_unknown", "grant_revoked", "grant_expired", "no_policy", "grant_resolver_unavailable",
        "approval_denied", "approval_limit", "approval_store_unavailable", "approval_spent",
        "counter_capacity", "counter_store_unavailable", "audit_unavailable",
    ];

    private static readonly JsonElement Schema =
        JsonElement.Parse(File.ReadAllText(Path.Combine(MarkdownPage.Folder, "policy.v1.schema.json")));

    private static readonly JsonElement[] Examples =
    [
        .. Directory.GetFiles(Path.Combine(MarkdownPage.Folder, "examples"), "*.json")
            .Select(file => JsonElement.Parse(File.ReadAllText(file))),
    ];

    private static readonly Lazy<GeneratedCase[]> Generated =
        new(() => [.. Enumerable.Range(0, 400).Select(seed => GeneratedCases.FromSeed(seed, calls: 40))]);

    private static readonly Lazy<JsonElement[]> GeneratedDocuments =
        new(() => [.. Generated.Value.Select(generated => JsonElement.Parse(generated.Policy.ToString()))]);

    private static readonly (string Words, string Place, Func<IEnumerable<string>> Read)[] Lists =
    [
        ("operators", "engine", () => ConditionCompiler.Operators),
        ("operators", "JSON Schema", () => Enumeration("condition", "op")),
        ("operators", "reference", () => FirstCells("### Operators")),
        ("operators", "page of findings", OperatorsOfTheCure),
        ("operators", "cases, required", () => Behaviours("require")),
        ("operators", "cases, denied", () => Behaviours("deny_if")),
        ("operators", "cases, asked", () => Behaviours("approve_if")),
        ("operators", "examples", () => Examples.SelectMany(document => Values(document, "op"))),
        ("operators", "naive evaluator", () => NaiveCondition.Operators),
        ("operators", "generator", () => GeneratedDocuments.Value.SelectMany(document => Values(document, "op"))),

        ("codes", "engine", () => WireNames.Codes.Texts),
        ("codes", "reference", () => Words("## The order of judgement", column: 2)),
        ("codes", "naive evaluator and generator", () => CodesFromElsewhere.Concat(Generated.Value.SelectMany(Judge))),

        ("scopes", "engine", () => CounterWireNames.Scopes.Texts),
        ("scopes", "JSON Schema", () => Enumeration("limit", "scope")),
        ("scopes", "reference", () => Quoted(Row("## Limits", "scope"))),
        ("scopes", "examples", () => Examples.SelectMany(document => Values(document, "scope"))),
        ("scopes", "naive evaluator", () => NaiveCounters.ScopeIds.Keys),
        ("scopes", "generator", () => GeneratedDocuments.Value.SelectMany(document => Values(document, "scope"))),

        ("windows", "engine", () => WindowNames.All),
        ("windows", "JSON Schema", WindowsOfTheSchema),
        ("windows", "JSON Schema, rates", () => [.. RatesOfTheSchema(), "week", "month"]),
        ("windows", "reference", () => Quoted(Row("## Limits", "window"))),
        ("windows", "examples", () => Examples.SelectMany(document => Values(document, "window"))),
        ("windows", "naive evaluator", () => NaiveWindows.Named.Keys),
        ("windows", "generator", () => GeneratedDocuments.Value.SelectMany(document => Values(document, "window"))),

        ("risks", "engine", () => WireNames.Risks.Texts.Skip(1)),
        ("risks", "JSON Schema", () => Enumeration("tool", "risk")),
        ("risks", "reference", () => Code(Row("### Members of an entry", "risk")[1])),
        ("risks", "examples", () => Examples.SelectMany(document => Values(document, "risk"))),
        ("risks", "generator", () => GeneratedDocuments.Value.SelectMany(document => Values(document, "risk"))),

        ("formats", "engine", () => [.. SchemaFormats.Strings.Keys, .. SchemaFormats.Numbers.Keys, .. SchemaFormats.Annotations]),
        ("formats", "reference", () => FirstCells("### Formats")),

        ("formats that are checked", "engine", () => [.. SchemaFormats.Strings.Keys, .. SchemaFormats.Numbers.Keys]),
        ("formats that are checked", "table", FormatsOfTheTable),
        ("formats that are checked", "examples", () => Examples.SelectMany(document => Values(document, "format"))),

        ("formats of numbers, and notes", "engine", () => [.. SchemaFormats.Numbers.Keys, .. SchemaFormats.Annotations]),
        ("formats of numbers, and notes", "naive evaluator", () => NaiveValues.Formats),
        ("formats of numbers, and notes", "generator", FormatsOfGeneratedSchemas),
    ];

    public static TheoryData<string, string> Places
    {
        get
        {
            var places = new TheoryData<string, string>();
            foreach ((string words, string place, _) in Lists.Where(list => list.Place != "engine"))
            {
                places.Add(words, place);
            }

            return places;
        }
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void Words_are_the_engines(string words, string place) => Assert.Equal(Read(words, "engine"), Read(words, place));

    private static string[] Read(string words, string place) =>
        [.. Lists.Single(list => list.Words == words && list.Place == place).Read().Distinct().Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Enumeration(string definition, string member) => Strings(
        Schema.GetProperty("$defs").GetProperty(definition).GetProperty("properties").GetProperty(member).GetProperty("enum"));

    private static IEnumerable<string> WindowsOfTheSchema() =>
        Strings(Schema.GetProperty("$defs").GetProperty("window").GetProperty("anyOf")[0].GetProperty("enum"));

    private static string[] RatesOfTheSchema()
    {
        JsonElement rate = Schema.GetProperty("$defs").GetProperty("tool").GetProperty("properties").GetProperty("rate_limit");
        return rate.GetProperty("pattern").GetString()!.Split('(', ')')[1].Split('|');
    }

    private static IEnumerable<string> Strings(JsonElement array) => array.EnumerateArray().Select(element => element.GetString()!);

    /// <summary>The strings that members of a name hold, anywhere in a document.</summary>
    private static IEnumerable<string> Values(JsonElement value, string name) => value.ValueKind switch
    {
        JsonValueKind.Array => value.EnumerateArray().SelectMany(element => Values(element, name)),
        JsonValueKind.Object => value.EnumerateObject().SelectMany(member =>
            member.Name == name && member.Value.ValueKind == JsonValueKind.String
                ? [member.Value.GetString()!]
                : Values(member.Value, name)),
        _ => [],
    };

    private static IEnumerable<string> Behaviours(string rules) => BehaviourCase.All.Values
        .Where(each => each.Calls.Any())
        .Select(each => JsonElement.Parse(each.Policy))
        .Where(document => document.TryGetProperty("tools", out _))
        .SelectMany(document => document.GetProperty("tools").EnumerateObject())
        .SelectMany(entry => entry.Value.TryGetProperty(rules, out JsonElement list) ? Values(list, "op") : []);

    private static IEnumerable<string> OperatorsOfTheCure()
    {
        IEnumerable<string> section =
            MarkdownPage.Lines("diagnostics.md").SkipWhile(line => !line.StartsWith("### PL1402 ", StringComparison.Ordinal));
        return Code(section.First(line => line.StartsWith("Cure:", StringComparison.Ordinal)));
    }

    private static IEnumerable<string> FormatsOfTheTable()
    {
        string table = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Schemas", "data", "formats.json"));
        return JsonElement.Parse(table).EnumerateArray().Select(row => row.GetProperty("format").GetString()!);
    }

    private static IEnumerable<string> FormatsOfGeneratedSchemas() => Enumerable.Range(0, 2_000)
        .SelectMany(seed => Values(JsonElement.Parse(new SchemaGenerator(new Random(seed)).Schema(depth: 3).ToString()), "format"));

    private static IEnumerable<string> Judge(GeneratedCase generated)
    {
        var naive = new NaiveEvaluator(generated.Policy);
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        return generated.Calls.Select(call => naive.Judge(call, now, _ => false).Code);
    }

    /// <summary>The rows of the first table under a heading of the reference, as cells.</summary>
    private static IEnumerable<string[]> Rows(string heading) => MarkdownPage.Lines(Reference)
        .SkipWhile(line => line != heading)
        .SkipWhile(line => !line.StartsWith('|'))
        .TakeWhile(line => line.StartsWith('|'))
        .Skip(2)
        .Select(line => line[1..^1].Split(" |"));

    private static string[] Row(string heading, string member) => Rows(heading).Single(row => row[0].Trim() == $"`{member}`");

    private static IEnumerable<string> FirstCells(string heading) => Rows(heading).SelectMany(row => Code(row[0]));

    private static IEnumerable<string> Words(string heading, int column) => Rows(heading).SelectMany(row => Code(row[column]));

    /// <summary>What a text holds between backquotes.</summary>
    private static IEnumerable<string> Code(string text) => text.Split('`').Where((_, index) => index % 2 == 1);

    /// <summary>The words of the second cell that stand in quotes.</summary>
    private static IEnumerable<string> Quoted(string[] row) =>
        Code(row[1]).Where(word => word.StartsWith('"')).Select(word => word.Trim('"'));
}
