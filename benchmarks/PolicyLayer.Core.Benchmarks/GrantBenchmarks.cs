using System.Collections.Frozen;
using BenchmarkDotNet.Attributes;
using PolicyLayer.Grants;

namespace PolicyLayer.Benchmarks;

/// <summary>What grants in memory add to a decision, against a bare look-up of a name: two of those at most.</summary>
[MemoryDiagnoser]
public class GrantBenchmarks
{
    private const int Grants = 1_000;

    private readonly FrozenDictionary<string, string> _names =
        Enumerable.Range(0, 100).ToFrozenDictionary(BenchmarkPolicies.ToolName, BenchmarkPolicies.ToolName, StringComparer.Ordinal);

    private readonly ToolCallAuthorizer _without = new(Policy.Parse(BenchmarkPolicies.WithTools(100)));

    private readonly ToolCallAuthorizer _with = Authorizer(id => new Grant(id));

    private readonly ToolCallAuthorizer _second = Authorizer(id => new Grant(id) { PolicyName = "second" });

    private readonly ToolCallAuthorizer _expiring = Authorizer(id => new Grant(id) { Expires = DateTimeOffset.MaxValue });

    private readonly string _name = BenchmarkPolicies.ToolName(50);
    private readonly string _grantId = GrantId(500);

    [Benchmark(Baseline = true)]
    public bool DictionaryLookup() => _names.TryGetValue(_name, out _);

    [Benchmark]
    public bool WithoutGrants() => Allow(_without);

    [Benchmark]
    [HotPath(4.6)]
    public bool WithGrants() => Allow(_with);

    [Benchmark]
    [HotPath(5.3)]
    public bool SecondPolicy() => Allow(_second);

    /// <summary>It reads the clock as well.</summary>
    [Benchmark]
    [HotPath(8.3)]
    public bool Expiring() => Allow(_expiring);

    private bool Allow(ToolCallAuthorizer authorizer) =>
        authorizer.AuthorizeAsync(new ToolCall(_name) { GrantId = _grantId }).Result.IsAllowed;

    private static string GrantId(int index) => $"team-{index % 31}-agent-{index}";

    private static ToolCallAuthorizer Authorizer(Func<string, Grant> grant) => new(
        [Policy.Parse(BenchmarkPolicies.WithTools(100)), Policy.Parse(BenchmarkPolicies.WithTools(100, head: """ "name": "second", """))],
        new ToolCallAuthorizerOptions { Grants = new GrantDirectory(Enumerable.Range(0, Grants).Select(i => grant(GrantId(i)))) });
}
