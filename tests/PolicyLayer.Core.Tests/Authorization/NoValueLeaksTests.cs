using System.Collections;
using System.Text.RegularExpressions;
using PolicyLayer.Auditing;
using PolicyLayer.Counters;
using PolicyLayer.Tests.Auditing;

namespace PolicyLayer.Tests.Authorization;

/// <summary>
/// What an agent sends appears in no message, pointer or record, but for names where a record lists them, however the call is denied.
/// </summary>
public sealed class NoValueLeaksTests
{
    private const string Secret = "s3cr3t";
    private const string Number = "471147114711";

    /// <summary>The entry of <c>t</c>, arguments that hold the secrets as values and as names nobody declared, and the code.</summary>
    public static TheoryData<string, string, DecisionCode> Calls => new()
    {
        { "{}", Object("\"v\":\"s3cr3t\""), DecisionCode.Allowed },
        { """{ "action": "deny" }""", Object("\"v\":\"s3cr3t\""), DecisionCode.ActionDeny },
        { Rule("require", "eq", "1"), Object("\"v\":\"s3cr3t\""), DecisionCode.RequireFailed },
        { Rule("deny_if", "contains", "\"3\""), Object("\"v\":\"s3cr3t\""), DecisionCode.DenyIfMatched },
        { Rule("deny_if", "gt", "1"), Object("\"v\":471147114711"), DecisionCode.DenyIfMatched },
        { Rule("require", "regex", "\"^x\""), Object("\"v\":[\"s3cr3t\",{\"s3cr3t\":1}]"), DecisionCode.RequireFailed },
        { Limit("1"), Object("\"v\":471147114711"), DecisionCode.IncrementInvalid },
        { Limit("1"), Object("\"v\":\"s3cr3t\""), DecisionCode.IncrementInvalid },
        { Limit("9007199254"), "{\"v\":4711471147.11,\"s3cr3t\":1}", DecisionCode.Allowed },
        { Limit("0.5"), "{\"v\":4711471147.11}", DecisionCode.LimitExceeded },
        { Each("""{ "max": 0 }"""), Object("\"v\":\"s3cr3t\""), DecisionCode.LimitExceeded },
        { Each("""{ "max": 9 }"""), Object("\"v\":471147114711"), DecisionCode.Allowed },
        { Each("""{ "max": 9 }"""), Object("\"v\":[\"s3cr3t\"]"), DecisionCode.PartitionMissing },
        {
            Each("""{ "max": 9, "increment_from": "args.n[*]" }"""),
            "{\"v\":1,\"n\":[471147114711,\"s3cr3t\"]}", DecisionCode.IncrementInvalid
        },
        {
            Each("""{ "max": 1, "count_of": "args.n[*]" }"""),
            "{\"v\":1,\"n\":[471147114711,\"s3cr3t\"]}", DecisionCode.LimitExceeded
        },
        { Order("after"), Object("\"v\":\"s3cr3t\""), DecisionCode.OrderViolated },
        { Order("not_after"), Object("\"v\":{\"s3cr3t\":471147114711}"), DecisionCode.OrderViolated },
        {
            Schema("""{ "properties": { "v": { "enum": ["a"], "pattern": "^a", "maxLength": 2 } } }"""),
            Object("\"v\":\"s3cr3t\""), DecisionCode.ArgumentsInvalid
        },
        {
            Schema("""{ "properties": { "v": { "type": "number", "multipleOf": 10, "maximum": 5 } } }"""),
            Object("\"v\":471147114711"), DecisionCode.ArgumentsInvalid
        },
        { Schema("""{ "additionalProperties": false }"""), Object("\"v\":1"), DecisionCode.ArgumentsInvalid },
        { Schema("""{ "propertyNames": { "maxLength": 2 } }"""), Object("\"v\":1"), DecisionCode.ArgumentsInvalid },
        { Schema("""{ "patternProperties": { "^s": { "type": "null" } } }"""), Object("\"v\":1"), DecisionCode.ArgumentsInvalid },
        { Schema("""{ "properties": { "v": { "format": "uuid" } } }"""), Object("\"v\":\"s3cr3t\""), DecisionCode.ArgumentsInvalid },
        {
            Schema("""{ "properties": { "v": { "uniqueItems": true } } }"""),
            Object("\"v\":[\"s3cr3t\",\"s3cr3t\"]"), DecisionCode.ArgumentsInvalid
        },
        { Schema("""{ "unevaluatedProperties": false }"""), Object("\"v\":1"), DecisionCode.ArgumentsInvalid },
        { Schema("""{ "properties": { "v": { "anyOf": [{ "const": "a" }, true, false] } }, "additionalProperties": false }"""),
            "{\"v\":\"s3cr3t\",\"s3cr3t\":1}", DecisionCode.ArgumentsInvalid },
        { Schema("""{ "properties": { "v": { "oneOf": [{ "const": "a" }, { "type": "null" }] } } }"""),
            Object("\"v\":471147114711"), DecisionCode.ArgumentsInvalid },
        { Rule("deny_if", "within", "\"/srv\""), Object("\"v\":\"/srv/../s3cr3t\""), DecisionCode.DenyIfMatched },
        { Rule("require", "lt", "1"), "{\"V\":\"s3cr3t\",\"v\":471147114711}", DecisionCode.RequireFailed },
        { "{}", "{\"s3cr3t\":1,\"s3cr3t\":471147114711}", DecisionCode.ArgumentsMalformed },
        { "{}", "{\"s3cr3t\":471147114711", DecisionCode.ArgumentsMalformed },
        { "{}", "\"s3cr3t\"", DecisionCode.ArgumentsMalformed },
        { "{}", "{\"s3cr3t\":" + new string('[', 100) + "\"s3cr3t\"" + new string(']', 100) + "}", DecisionCode.ArgumentsTooLarge },
    };

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task However_a_call_is_judged(string entry, string arguments, DecisionCode expected)
    {
        await AssertNoLeak(entry, ToolArguments.FromJson(arguments), expected);
        await AssertNoLeak(entry, ToolArguments.FromJson("{}"), expected, context: "{\"s3cr3t\":471147114711,\"s3cr3t\":\"s3cr3t\"}");
    }

    [Fact]
    public async Task However_a_host_s_objects_break()
    {
        await AssertNoLeak("{}", ToolArguments.FromDictionary(new BrokenDictionary()), DecisionCode.InternalError);
        await AssertNoLeak(
            "{}", ToolArguments.FromDictionary(new Dictionary<string, object?> { [Secret] = new Unwritable() }),
            DecisionCode.ArgumentsMalformed);
        await AssertNoLeak(
            Limit("1"), ToolArguments.FromJson($$"""{"v":0.5,"{{Secret}}":{{Number}}}"""), DecisionCode.CounterStoreUnavailable,
            store: new BrokenStore());
    }

    private static async Task AssertNoLeak(
        string entry, ToolArguments arguments, DecisionCode expected, string? context = null, ICounterStore? store = null)
    {
        var memory = new InMemoryAuditSink();
        using var folder = new LogFolder();
        ToolCallDecision decision;
        string explanation;
        await using (var file = new JsonLinesAuditSink(folder.Log))
        {
            ToolCallAuthorizer authorizer = TestPolicies.Authorizer(
                $$"""{ "version": "1", "default": "deny", "tools": { "t": {{entry}} } }""",
                options =>
                {
                    options.Counters = store;
                    options.AuditSinks.Add(memory);
                    options.AuditSinks.Add(file);
                });
            var call = new ToolCall("t", arguments) { Context = context is null ? default : ToolArguments.FromJson(context) };
            explanation = Explanations.TextOf(await authorizer.ExplainAsync(call));
            decision = await authorizer.AuthorizeAsync(call);
            await authorizer.CompleteAsync(decision, ToolCallOutcome.Failed);
        }

        Assert.Equal(context is null ? expected : DecisionCode.ContextMalformed, decision.Code);

        // The names at the top of the arguments are a record's to tell, in this one place.
        string log = Regex.Replace(await File.ReadAllTextAsync(folder.Log), "\"argument_names\":\\[[^\\]]*\\],", "");

        // So are the sums that counters hold.
        log = Regex.Replace(log, "\"used\":[0-9.]+,\"max\":", "\"max\":");
        string said = $"{decision.Message} {decision.Rule} {string.Join(' ', memory.Records)} {log} {explanation}";
        Assert.DoesNotContain(Secret, said, StringComparison.Ordinal);
        Assert.DoesNotContain("4711471147", said, StringComparison.Ordinal);
    }

    private static string Object(string members) => $$"""{{{members}},"{{Secret}}":"{{Secret}}"}""";

    private static string Rule(string list, string op, string value) =>
        $$"""{ "{{list}}": [ { "conditions": [ { "path": "args.v", "op": "{{op}}", "value": {{value}} } ] } ] }""";

    private static string Limit(string max) =>
        $$"""{ "limits": [ { "counter": "c", "window": "day", "max": {{max}}, "increment_from": "args.v" } ] }""";

    private static string Each(string limit) =>
        $$"""{ "limits": [{ "counter": "c", "window": "month", "per": ["args.v"], {{limit[1..^1]}} }] }""";

    private static string Order(string order) =>
        $$"""{ "{{order}}": [{ "tool": "u", "within": "day", "scope": "grant", "same": "args.v" }] }""";

    private static string Schema(string schema) => $$"""{ "arguments": {{schema}} }""";

    private sealed class BrokenDictionary : IReadOnlyDictionary<string, object?>
    {
        public IEnumerable<string> Keys => throw Broken();

        public IEnumerable<object?> Values => throw Broken();

        public int Count => throw Broken();

        public object? this[string key] => throw Broken();

        public bool ContainsKey(string key) => throw Broken();

        public bool TryGetValue(string key, out object? value) => throw Broken();

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => throw Broken();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        private static InvalidOperationException Broken() => new($"broken at {Secret}");
    }

    private sealed class Unwritable
    {
        public override string ToString() => Secret;
    }

    private sealed class BrokenStore : ICounterStore
    {
        public ValueTask<CounterReservation> ReserveAsync(CounterRequest request, CancellationToken cancellationToken = default) =>
            throw new InvalidOperationException($"broken at {Secret}");

        public ValueTask ReleaseAsync(CounterRelease release, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
    }
}
