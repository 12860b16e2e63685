using System.Text.Json;
using BenchmarkDotNet.Attributes;

namespace PolicyLayer.Benchmarks;

/// <summary>Conditions on the arguments of a call, against reading one property of the same JsonElement.</summary>
[MemoryDiagnoser]
public class ConditionBenchmarks
{
    private static readonly JsonElement Arguments =
        JsonDocument.Parse("""{"path":"/srv/data/report.txt","mode":"read","lines":100}""").RootElement;

    private static readonly JsonElement Url = JsonDocument.Parse("""{"url":"https://api.example.com/v1/users?page=2"}""").RootElement;
    private static readonly JsonElement Script = JsonDocument.Parse("""{"command":"git status && ls src/app"}""").RootElement;

    private readonly ToolCallAuthorizer _none = BenchmarkPolicies.Authorizer("{}");
    private readonly ToolCallAuthorizer _one = BenchmarkPolicies.Authorizer(
        """{ "require": [{ "conditions": [{ "path": "args.mode", "op": "eq", "value": "read" }] }] }""");

    private readonly ToolCallAuthorizer _three = BenchmarkPolicies.Authorizer("""
        { "require": [{ "conditions": [
          { "path": "args.lines", "op": "lte", "value": 1000 },
          { "path": "args.mode", "op": "in", "value": ["read", "write"] },
          { "path": "args.mode", "op": "regex", "value": "^[a-z ]+$" }] }] }
        """);

    private readonly ToolCallAuthorizer _hundred = BenchmarkPolicies.Authorizer(
        "{ \"deny_if\": [" + string.Join(", ", Enumerable.Range(0, 100).Select(i =>
            $$"""{ "conditions": [{ "path": "args.mode", "op": "eq", "value": "{{(i == 99 ? "read" : "m" + i)}}" }] }""")) + "] }");

    private readonly ToolCallAuthorizer _within = BenchmarkPolicies.Authorizer(
        """{ "require": [{ "conditions": [{ "path": "args.path", "op": "within", "value": ["/tmp", "/srv/data"] }] }] }""");

    private readonly ToolCallAuthorizer _urlIn = BenchmarkPolicies.Authorizer(
        """{ "require": [{ "conditions": [{ "path": "args.url", "op": "url_in", "value": ["*.b.test", "api.example.com/v1/"] }] }] }""");

    private readonly ToolCallAuthorizer _commandIn = BenchmarkPolicies.Authorizer(
        """{ "require": [{ "conditions": [{ "path": "args.command", "op": "command_in", "value": ["git status", "ls ./*"] }] }] }""");

    private readonly string _name = BenchmarkPolicies.ToolName(0);

    [Benchmark(Baseline = true)]
    public bool TryGetPropertyAndValueEquals() => Arguments.TryGetProperty("mode", out JsonElement mode) && mode.ValueEquals("read");

    [Benchmark]
    [HotPath(0.65)]
    public bool AllowWithoutArguments() => _none.AuthorizeAsync(new ToolCall(_name) { GrantId = "ci" }).Result.IsAllowed;

    [Benchmark]
    [HotPath(2.9)]
    public bool NoCondition() => _none.AuthorizeAsync(new ToolCall(_name, Arguments) { GrantId = "ci" }).Result.IsAllowed;

    [Benchmark]
    [HotPath(3.9)]
    public bool OneStringCondition() => _one.AuthorizeAsync(new ToolCall(_name, Arguments) { GrantId = "ci" }).Result.IsAllowed;

    [Benchmark]
    [HotPath(7)]
    public bool ThreeConditions() => _three.AuthorizeAsync(new ToolCall(_name, Arguments) { GrantId = "ci" }).Result.IsAllowed;

    [Benchmark]
    [HotPath(35)]
    public bool HundredRules() => _hundred.AuthorizeAsync(new ToolCall(_name, Arguments) { GrantId = "ci" }).Result.IsAllowed;

    [Benchmark]
    [HotPath(11)]
    public bool OnePath() => _within.AuthorizeAsync(new ToolCall(_name, Arguments) { GrantId = "ci" }).Result.IsAllowed;

    [Benchmark]
    [HotPath(12.5)]
    public bool OneUrl() => _urlIn.AuthorizeAsync(new ToolCall(_name, Url) { GrantId = "ci" }).Result.IsAllowed;

    [Benchmark]
    [HotPath(24)]
    public bool OneScript() => _commandIn.AuthorizeAsync(new ToolCall(_name, Script) { GrantId = "ci" }).Result.IsAllowed;
}
