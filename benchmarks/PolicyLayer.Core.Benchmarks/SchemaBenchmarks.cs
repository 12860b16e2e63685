using System.Text;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using PolicyLayer.Calls;
using PolicyLayer.Compilation.Context;
using PolicyLayer.Compilation.Schemas;
using PolicyLayer.DecisionTree.Schemas;
using PolicyLayer.DecisionTree.Verdicts;
using PolicyLayer.Documents;
using PolicyLayer.Json.Scanning;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Benchmarks;

/// <summary>
/// Judging arguments by a schema, reading them included, against <see cref="JsonDocument"/> reading the same bytes. The adversarial
/// cases are the ones that end at the stated bound.
/// </summary>
[MemoryDiagnoser]
public class SchemaBenchmarks
{
    private readonly JsonTape _tape = new();
    private readonly WorkBudget _work = new();
    private SchemaScratch _scratch = null!;
    private SchemaNode _schema = null!;
    private byte[] _arguments = [];

    public enum Scenario
    {
        TwoUuids,
        FortyProperties,
        DeepRecursion,
        UniqueItems10K,
        AlternativesNest,
    }

    [ParamsAllValues]
    public Scenario Case { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _scratch = new SchemaScratch(_work);
        (string schema, string arguments) = Case switch
        {
            Scenario.TwoUuids => (
                """
                {"type":"object","properties":{"file":{"type":"string","format":"uuid"},"method":{"type":"string","format":"uuid"}},
                 "required":["file","method"],"additionalProperties":false}
                """,
                """{"file":"123e4567-e89b-12d3-a456-426614174000","method":"123e4567-e89b-12d3-a456-426614174001"}"""),
            Scenario.FortyProperties => FortyProperties(),
            Scenario.DeepRecursion => (
                """
                {"$ref":"#/$defs/node","$defs":{"node":{"type":"object","required":["v"],"additionalProperties":false,
                 "properties":{"v":{"type":"string","maxLength":10},"next":{"anyOf":[{"type":"null"},{"$ref":"#/$defs/node"}]}}}}}
                """,
                string.Concat(Enumerable.Repeat("{\"v\":\"x\",\"next\":", 60)) + "null" + new string('}', 60)),
            Scenario.UniqueItems10K => (
                """{"properties":{"list":{"type":"array","uniqueItems":true}}}""",
                $$"""{"list":[{{string.Join(',', Enumerable.Range(0, 10_000).Select(i => $"\"item {i}\""))}}]}"""),
            _ => (
                """{"anyOf":[{"properties":{"a":{"$ref":"#"}},"required":["b"]},{"properties":{"a":{"$ref":"#"}},"required":["c"]}]}""",
                string.Concat(Enumerable.Repeat("{\"a\":", 60)) + "1" + new string('}', 60)),
        };

        byte[] text = Encoding.UTF8.GetBytes(schema);
        var findings = new DiagnosticBag();
        SyntaxTree tree = DocumentReader.Read(text, 64, findings)!;
        var context = new CompilationContext(findings, new PolicyLoadOptions(), new VerdictTable(new PolicyIdentity("p", "r")));
        _schema = SchemaCompiler.Compile(tree.Root, context)!;
        _arguments = Encoding.UTF8.GetBytes(arguments);
    }

    [Benchmark(Baseline = true)]
    public bool JsonDocumentParse()
    {
        using JsonDocument document = JsonDocument.Parse(_arguments);
        return document.RootElement.ValueKind == JsonValueKind.Object;
    }

    [Benchmark]
    public bool ReadAndJudge()
    {
        _work.Begin(WorkBudget.Default);
        return JsonScanner.Scan(_arguments, 64, _tape) == JsonFault.None && _schema.Validate(new JsonValue(_arguments, _tape), _scratch);
    }

    [Benchmark]
    public bool ReadAlone() => JsonScanner.Scan(_arguments, 64, _tape) == JsonFault.None;

    private static (string Schema, string Arguments) FortyProperties()
    {
        string[] kinds =
        [
            """{"type":"string","minLength":1,"maxLength":100}""",
            """{"type":"integer","minimum":0}""",
            """{"type":"boolean"}""",
            """{"type":"array","items":{"type":"string"}}""",
            """{"type":"string","enum":["red","green","blue"]}""",
        ];
        string[] values = ["\"some text\"", "42", "true", "[\"a\",\"b\"]", "\"green\""];
        IEnumerable<string> properties = Enumerable.Range(0, 40).Select(i => $"\"property{i}\":{kinds[i % kinds.Length]}");
        IEnumerable<string> members = Enumerable.Range(0, 40).Select(i => $"\"property{i}\":{values[i % values.Length]}");
        return (
            $$$"""
            {"type":"object","properties":{{{{string.Join(',', properties)}}}},"required":["property0","property39"],
            "additionalProperties":false}
            """,
            $"{{{string.Join(',', members)}}}");
    }
}
