using System.Text.Json;

namespace PolicyLayer.Tests.Schemas;

/// <summary>What schemas mean, as tables: <c>data/*.json</c>. Instances are JSON texts, so that numbers keep their notation.</summary>
public sealed class SchemaTableTests
{
    public static TheoryData<string, string, string, bool> Keywords()
    {
        var data = new TheoryData<string, string, string, bool>();
        foreach (JsonElement row in Read("keywords.json").Concat(Read("case-variants.json")))
        {
            AddVerdicts(data, row.GetProperty("note").GetString()!, row.GetProperty("schema").GetRawText(), row);
        }

        return data;
    }

    public static TheoryData<string, string, string, bool> Formats()
    {
        var data = new TheoryData<string, string, string, bool>();
        foreach (JsonElement row in Read("formats.json"))
        {
            string format = row.GetProperty("format").GetString()!;
            AddVerdicts(data, format, $$"""{"format":"{{format}}"}""", row);
        }

        return data;
    }

    public static TheoryData<string, string, string?, string?> Refused() => Findings("refused.json");

    public static TheoryData<string, string, string?, string?> Warnings() => Findings("warnings.json");

    public static TheoryData<string, string, string, string, string> Failures()
    {
        var data = new TheoryData<string, string, string, string, string>();
        foreach (JsonElement row in Read("failures.json"))
        {
            data.Add(
                row.GetProperty("schema").GetRawText(),
                row.GetProperty("instance").GetString()!,
                row.GetProperty("rule").GetString()!,
                row.GetProperty("at").GetString()!,
                row.GetProperty("message").GetString()!);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Keywords))]
    [MemberData(nameof(Formats))]
    public void Value_is_judged_as_the_table_says(string note, string schema, string instance, bool isValid)
    {
        CompiledSchema compiled = CompiledSchema.Of(schema);
        bool accepted = compiled.Accepts(instance);
        Assert.True(isValid == accepted, $"{note}: {instance} should {(isValid ? "pass" : "fail")}: {compiled.Failure?.Message}");
        Assert.Equal(isValid, compiled.Failure is null);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Unsupported_schema_is_refused_at_its_place(string schema, string id, string? pointer, string? help)
    {
        CompiledSchema compiled = CompiledSchema.Of(schema, maxDepth: 512);
        Assert.Null(compiled.Node);
        PolicyDiagnostic finding = Assert.Single(compiled.Findings, f => f.Severity == DiagnosticSeverity.Error);
        Assert.Equal(id, finding.Id);
        Assert.Equal(pointer is null ? finding.Pointer : CompiledSchema.Pointer + pointer, finding.Pointer);
        Assert.Contains(help ?? "", finding.Help ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Warnings))]
    public void Contradiction_is_a_warning_at_its_place(string schema, string id, string? pointer, string? help)
    {
        CompiledSchema compiled = CompiledSchema.Of(schema);
        Assert.NotNull(compiled.Node);
        PolicyDiagnostic finding = Assert.Single(compiled.Findings);
        Assert.Equal(DiagnosticSeverity.Warning, finding.Severity);
        Assert.Equal((id, CompiledSchema.Pointer + pointer), (finding.Id, finding.Pointer));
        Assert.Null(help);
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public void Failure_names_the_keyword_and_the_place_but_no_value(string schema, string instance, string rule, string at, string message)
    {
        CompiledSchema compiled = CompiledSchema.Of(schema);
        Assert.False(compiled.Accepts(instance));
        Assert.NotNull(compiled.Failure);
        Assert.Equal(
            (CompiledSchema.Pointer + rule, at, message),
            (compiled.Failure.Place.Pointer, compiled.Failure.Instance, compiled.Failure.Message));
        Assert.DoesNotContain("secret", compiled.Failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Usual_schemas_give_no_finding_but_for_what_the_table_says()
    {
        foreach (JsonElement row in Read("keywords.json"))
        {
            string note = row.GetProperty("note").GetString()!;
            if (!note.Contains("hides its neighbours", StringComparison.Ordinal))
            {
                string[] expected = row.TryGetProperty("warning", out JsonElement id) ? [id.GetString()!] : [];
                IEnumerable<string> found = CompiledSchema.Of(row.GetProperty("schema").GetRawText()).Findings.Select(f => f.Id);
                Assert.True(expected.SequenceEqual(found), note);
            }
        }
    }

    internal static IEnumerable<JsonElement> Read(string file)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Schemas", "data", file);
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        return [.. document.RootElement.Clone().EnumerateArray()];
    }

    private static void AddVerdicts(TheoryData<string, string, string, bool> data, string note, string schema, JsonElement row)
    {
        foreach (string verdict in (string[])["valid", "invalid"])
        {
            foreach (JsonElement instance in row.GetProperty(verdict).EnumerateArray())
            {
                data.Add(note, schema, instance.GetString()!, verdict == "valid");
            }
        }
    }

    private static TheoryData<string, string, string?, string?> Findings(string file)
    {
        var data = new TheoryData<string, string, string?, string?>();
        foreach (JsonElement row in Read(file))
        {
            data.Add(
                row.GetProperty("schema").GetRawText(),
                row.GetProperty("id").GetString()!,
                row.GetProperty("pointer").GetString(),
                row.TryGetProperty("help", out JsonElement help) ? help.GetString() : null);
        }

        return data;
    }
}
