using System.Text.Json;
using Xunit.Abstractions;

namespace PolicyLayer.Tests.Schemas;

/// <summary>The public JSON-Schema-Test-Suite: each group passes, or is refused for a reason that policies have an id for.</summary>
public sealed class SchemaSuiteTests(ITestOutputHelper output)
{
    private const string Suite = "json-schema-2020-12";

    /// <summary>What a group may be refused for: keywords left out, an inner <c>$id</c>, a reference to another document.</summary>
    private static readonly string[] Refusals = ["PL1502", "PL1503", "PL1504"];

    private static readonly string[] LeftOut = ["$dynamicRef", "$dynamicAnchor", "$vocabulary"];

    [SuiteFact(Suite)]
    public void Every_group_passes_or_is_refused()
    {
        string suite = SuiteFactAttribute.Find(Suite)!;
        var failures = new List<string>();
        (int passed, int refused, int exempt, int groups) = (0, 0, 0, 0);
        foreach (string file in Directory.EnumerateFiles(suite, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string name = Path.GetRelativePath(suite, file);
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(file));
            foreach (JsonElement group in document.RootElement.EnumerateArray())
            {
                groups++;
                string title = $"{name}: {group.GetProperty("description")}";
                CompiledSchema schema = CompiledSchema.Of(group.GetProperty("schema").GetRawText());
                if (schema.Node is null)
                {
                    bool isExpected = UsesWhatIsLeftOut(group.GetProperty("schema"), isRoot: true)
                        && schema.Findings.Where(f => f.Severity == DiagnosticSeverity.Error).All(f => Refusals.Contains(f.Id));
                    refused += isExpected ? group.GetProperty("tests").GetArrayLength() : 0;
                    failures.AddRange(isExpected ? [] : [$"{title}: {string.Join(" ", schema.Findings)}"]);
                    output.WriteLine($"refused {title}: {schema.Findings[0].Id}");
                    continue;
                }

                foreach (JsonElement test in group.GetProperty("tests").EnumerateArray())
                {
                    JsonElement data = test.GetProperty("data");
                    if (IsExempt(name, data))
                    {
                        exempt++;
                    }
                    else if (schema.Accepts(data.GetRawText()) == test.GetProperty("valid").GetBoolean())
                    {
                        passed++;
                    }
                    else
                    {
                        failures.Add($"{title}: {test.GetProperty("description")}");
                    }
                }
            }
        }

        output.WriteLine($"{groups} groups; tests: {passed} passed, {refused} refused, {exempt} exempt, {failures.Count} failed");
        Assert.Empty(failures);
        Assert.True(passed > 0);
    }

    /// <summary>
    /// Whether a keyword that is left out stands anywhere, an <c>$id</c> below the root, or a <c>$ref</c> that isn't only a fragment.
    /// </summary>
    private static bool UsesWhatIsLeftOut(JsonElement schema, bool isRoot) => schema.ValueKind switch
    {
        JsonValueKind.Array => schema.EnumerateArray().Any(element => UsesWhatIsLeftOut(element, isRoot: false)),
        JsonValueKind.Object => schema.EnumerateObject().Any(member =>
            LeftOut.Contains(member.Name)
            || (member.Name == "$id" && !isRoot)
            || (member.Name == "$ref" && member.Value.ValueKind == JsonValueKind.String && !member.Value.GetString()!.StartsWith('#'))
            || UsesWhatIsLeftOut(member.Value, isRoot: false)),
        _ => false,
    };

    /// <summary>Contextual rules of IDNA are not checked.</summary>
    private static bool IsExempt(string file, JsonElement data) =>
        file.Replace('\\', '/') is "format/hostname.json" or "format/email.json"
        && data.ValueKind == JsonValueKind.String
        && data.GetString()!.Contains("xn--", StringComparison.OrdinalIgnoreCase);
}
