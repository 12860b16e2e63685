using System.Text;
using System.Text.Json;
using BenchmarkDotNet.Attributes;

namespace PolicyLayer.Benchmarks;

/// <summary>
/// The schema of run_code on raw UTF-8 arguments, the checks for duplicates and UTF-8 included, against parsing the same bytes.
/// </summary>
[MemoryDiagnoser]
public class TwoUuidBenchmarks
{
    private static readonly byte[] Arguments = Encoding.UTF8.GetBytes(
        """{"file":"123e4567-e89b-12d3-a456-426614174000","method":"123e4567-e89b-12d3-a456-426614174001"}""");

    private readonly ToolCallAuthorizer _authorizer = BenchmarkPolicies.Authorizer("""
        { "arguments": {
          "type": "object", "required": ["file", "method"], "additionalProperties": false,
          "properties": { "file": { "type": "string", "format": "uuid" }, "method": { "type": "string", "format": "uuid" } } } }
        """);

    private readonly string _name = BenchmarkPolicies.ToolName(0);

    [Benchmark(Baseline = true)]
    public bool JsonDocumentParse()
    {
        using JsonDocument document = JsonDocument.Parse(Arguments);
        return document.RootElement.ValueKind == JsonValueKind.Object;
    }

    [Benchmark]
    [HotPath(1.5)]
    public bool TwoUuids() => _authorizer.AuthorizeAsync(new ToolCall(_name, Arguments) { GrantId = "ci" }).Result.IsAllowed;
}
