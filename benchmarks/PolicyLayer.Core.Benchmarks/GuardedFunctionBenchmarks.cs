using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.AI;

namespace PolicyLayer.Benchmarks;

/// <summary>A function that is asked about before it runs, against the same function by itself.</summary>
[MemoryDiagnoser]
public class GuardedFunctionBenchmarks
{
    private static readonly Dictionary<string, object?> Arguments = JsonDocument
        .Parse("""{"path":"/srv/data/report.txt","lines":100}""").RootElement
        .EnumerateObject().ToDictionary(member => member.Name, member => (object?)member.Value);

    private readonly AIFunction _function =
        AIFunctionFactory.Create((string path, int lines) => path.Length + lines, BenchmarkPolicies.ToolName(0));

    private AIFunction _guarded = null!;

    [GlobalSetup]
    public void Guard() => _guarded = _function.WithPolicyLayer(
        BenchmarkPolicies.Authorizer("""{ "require": [{ "conditions": [{ "path": "args.lines", "op": "lte", "value": 1000 }] }] }"""),
        new Extensions.AI.FunctionGuardOptions { GrantId = "ci" });

    [Benchmark(Baseline = true)]
    public object? Unguarded() => _function.InvokeAsync(new AIFunctionArguments(Arguments)).AsTask().Result;

    [Benchmark]
    public object? Guarded() => _guarded.InvokeAsync(new AIFunctionArguments(Arguments)).AsTask().Result;
}
