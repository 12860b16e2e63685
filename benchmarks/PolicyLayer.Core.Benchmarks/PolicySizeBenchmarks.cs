using System.Collections.Frozen;
using BenchmarkDotNet.Attributes;

namespace PolicyLayer.Benchmarks;

/// <summary>The same tool, and random tools, in policies of other sizes.</summary>
[MemoryDiagnoser]
public class PolicySizeBenchmarks
{
    private const int Large = 31_000;

    private readonly ToolCallAuthorizer _of10 = Authorizer(10);
    private readonly ToolCallAuthorizer _of100 = Authorizer(100);
    private readonly ToolCallAuthorizer _of1000 = Authorizer(1_000);
    private readonly ToolCallAuthorizer _of31000 = Authorizer(Large);
    private readonly string _name = BenchmarkPolicies.ToolName(5);
    private readonly FrozenDictionary<string, string> _names;
    private readonly string[] _random;
    private int _nextTool;
    private int _nextName;

    public PolicySizeBenchmarks()
    {
        _random = [.. Enumerable.Range(0, Large).Select(BenchmarkPolicies.ToolName)];
        _names = _random.ToFrozenDictionary(name => name, StringComparer.Ordinal);
        new Random(1).Shuffle(_random);
    }

    [Benchmark(Baseline = true)]
    public bool SameToolOf100() => IsAllowed(_of100, _name);

    [Benchmark]
    [HotPath(1)]
    public bool SameToolOf10() => IsAllowed(_of10, _name);

    [Benchmark]
    [HotPath(1)]
    public bool SameToolOf1000() => IsAllowed(_of1000, _name);

    [Benchmark]
    [HotPath(1)]
    public bool SameToolOf31000() => IsAllowed(_of31000, _name);

    [Benchmark]
    [HotPath(Beside = nameof(RandomDictionaryLookupOf31000))]
    public bool RandomToolOf31000() => IsAllowed(_of31000, Next(ref _nextTool));

    /// <summary>What a bare dictionary pays for the same walk through memory.</summary>
    [Benchmark]
    public bool RandomDictionaryLookupOf31000() => _names.ContainsKey(Next(ref _nextName));

    private static ToolCallAuthorizer Authorizer(int tools) => new(Policy.Parse(BenchmarkPolicies.WithTools(tools)));

    private static bool IsAllowed(ToolCallAuthorizer authorizer, string tool) =>
        authorizer.AuthorizeAsync(new ToolCall(tool) { GrantId = "ci" }).Result.IsAllowed;

    private string Next(ref int cursor)
    {
        int next = cursor;
        cursor = next + 1 == Large ? 0 : next + 1;
        return _random[next];
    }
}
