using System.Text.Json;
using BenchmarkDotNet.Attributes;

namespace PolicyLayer.Benchmarks;

/// <summary>Loading a policy of 31,000 tools with a limit each, against parsing its text.</summary>
[MemoryDiagnoser]
public class LoadBenchmarks
{
    private readonly byte[] _document = BenchmarkPolicies.WithTools(
        31_000, """{ "limits": [{ "counter": "calls", "window": "minute", "max": 10 }] }""");

    [Benchmark(Baseline = true)]
    public bool JsonDocumentParse()
    {
        using JsonDocument document = JsonDocument.Parse(_document);
        return document.RootElement.ValueKind == JsonValueKind.Object;
    }

    [Benchmark]
    public bool Load() => Policy.Load(_document).IsValid;
}
