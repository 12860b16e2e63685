using System.Collections.Frozen;
using BenchmarkDotNet.Attributes;

namespace PolicyLayer.Benchmarks;

/// <summary>A listed tool without rules, and the denials that cost the same, against a bare look-up of its name.</summary>
[MemoryDiagnoser]
public class AllowBenchmarks
{
    private const int Awaited = 100;

    private readonly FrozenDictionary<string, string> _names =
        Enumerable.Range(0, 100).ToFrozenDictionary(BenchmarkPolicies.ToolName, BenchmarkPolicies.ToolName, StringComparer.Ordinal);

    private readonly ToolCallAuthorizer _authorizer = new(Policy.Parse(
        BenchmarkPolicies.WithTools(100, head: """ "hide": ["hidden_tool"], """)));

    private readonly ToolCallAuthorizer _denying = BenchmarkPolicies.Authorizer("""{ "action": "deny" }""");
    private readonly string _name = BenchmarkPolicies.ToolName(50);
    private readonly string _first = BenchmarkPolicies.ToolName(0);

    [Benchmark(Baseline = true)]
    public bool DictionaryLookup() => _names.TryGetValue(_name, out _);

    [Benchmark]
    [HotPath(2.4)]
    public bool Allow() => _authorizer.AuthorizeAsync(new ToolCall(_name) { GrantId = "ci" }).Result.IsAllowed;

    /// <summary>A host that awaits each decision; its own state machine is paid once for many.</summary>
    [Benchmark(OperationsPerInvoke = Awaited)]
    [HotPath(1.8)]
    public async Task<bool> AllowAwaited()
    {
        bool isAllowed = true;
        for (int i = 0; i < Awaited; i++)
        {
            isAllowed &= (await _authorizer.AuthorizeAsync(new ToolCall(_name) { GrantId = "ci" }).ConfigureAwait(false)).IsAllowed;
        }

        return isAllowed;
    }

    [Benchmark]
    [HotPath(2.4)]
    public bool DenyByDefault() => _authorizer.AuthorizeAsync(new ToolCall("another_tool") { GrantId = "ci" }).Result.IsAllowed;

    [Benchmark]
    [HotPath(2.5)]
    public bool DenyByAction() => _denying.AuthorizeAsync(new ToolCall(_first) { GrantId = "ci" }).Result.IsAllowed;

    [Benchmark]
    [HotPath(2.3)]
    public bool DenyHidden() => _authorizer.AuthorizeAsync(new ToolCall("hidden_tool") { GrantId = "ci" }).Result.IsAllowed;
}
