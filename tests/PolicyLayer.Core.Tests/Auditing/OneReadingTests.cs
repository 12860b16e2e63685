using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using PolicyLayer.Auditing;

namespace PolicyLayer.Tests.Auditing;

/// <summary>A call is read once: what a record says of its arguments is what was judged, whatever a second reading would find.</summary>
public sealed class OneReadingTests
{
    private const string Policy = """
        { "version": "1", "default": "allow", "hide": ["hidden"], "tools": {
          "free": {}, "blocked": { "action": "deny" },
          "limited": { "rate_limit": "1000/day" },
          "spent": { "limits": [{ "counter": "s", "window": "day", "max": 5, "increment_from": "args.n" }] },
          "small": { "require": [{ "conditions": [{ "path": "args.n", "op": "lte", "value": 5 }] }] },
          "facts": { "deny_if": [{ "conditions": [{ "path": "context.n", "op": "gt", "value": 5 }] }] },
          "shaped": { "arguments": { "required": ["n"] } } } }
        """;

    private readonly InMemoryAuditSink _sink = new();

    private static readonly string[] Allowing = ["free", "limited", "spent", "small", "shaped", "facts"];

    public static TheoryData<string> Tools => [.. Allowing];

    [Theory]
    [MemberData(nameof(Tools))]
    public async Task A_dictionary_that_changes_its_mind_is_recorded_as_it_was_judged(string tool)
    {
        var values = new FickleDictionary<object?>([new() { ["n"] = 5, ["z"] = 1 }, new() { ["harmless"] = "x" }]);
        await AssertRecorded(tool, ToolArguments.FromDictionary(values));
        Assert.Equal(1, values.Enumerations);

        JsonElement five = JsonDocument.Parse("5").RootElement;
        var elements = new FickleDictionary<JsonElement>([new() { ["n"] = five, ["z"] = five }, new() { ["harmless"] = five }]);
        await AssertRecorded(tool, ToolArguments.FromDictionary(elements));
        Assert.Equal(1, elements.Enumerations);
    }

    [Theory]
    [InlineData("free")]
    [InlineData("blocked")]
    [InlineData("limited")]
    [InlineData("small")]
    public async Task What_was_answered_is_read_once_as_well(string tool)
    {
        var keys = new PolicyLayerKeys("k", new Dictionary<string, byte[]> { ["k"] = new byte[PolicyLayerKeys.KeyLength] });
        ToolCallAuthorizer authorizer = Audited(keys);
        var call = new ToolCall(tool, ToolArguments.FromJson("""{"n":1}""")) { Inputs = ToolArguments.FromJson("""{"a":"yes"}""") };
        await authorizer.AuthorizeAsync(call);
        string digest = _sink.Records[^1].InputsDigest!;

        var values = new FickleDictionary<object?>([new() { ["a"] = "yes" }, new() { ["a"] = "no" }]);
        await authorizer.AuthorizeAsync(call with { Inputs = ToolArguments.FromDictionary(values) });
        Assert.Equal((digest, 1), (_sink.Records[^1].InputsDigest, values.Enumerations));

        await authorizer.AuthorizeAsync(call with { Inputs = ToolArguments.FromDictionary(new FickleDictionary<object?>([null])) });
        Assert.Equal((DecisionCode.InternalError, null), (_sink.Records[^1].Code, _sink.Records[^1].InputsDigest));
    }

    [Fact]
    public async Task A_dictionary_that_breaks_at_a_second_reading_is_recorded_as_it_was_judged() =>
        await AssertRecorded("small", ToolArguments.FromDictionary(new FickleDictionary<object?>([new() { ["n"] = 5, ["z"] = 1 }, null])));

    [Fact]
    public async Task A_dictionary_that_breaks_was_not_read_and_is_denied()
    {
        var broken = new FickleDictionary<object?>([null, new() { ["n"] = 5 }]);
        ToolCallDecision decision = await Audited().AuthorizeAsync(new ToolCall("small", ToolArguments.FromDictionary(broken)));

        Assert.Equal(DecisionCode.InternalError, decision.Code);
        AuditRecord record = Assert.Single(_sink.Records);
        Assert.Empty(record.ArgumentNames);
        Assert.Null(record.ArgumentBytes);
        Assert.Equal(1, broken.Enumerations);
    }

    [Fact]
    public async Task Text_with_half_a_surrogate_pair_has_no_size()
    {
        await Audited().AuthorizeAsync(new ToolCall("free", ToolArguments.FromJson("{\"a\":\"\ud800\"}")));
        Assert.Equal(DecisionCode.ArgumentsMalformed, Assert.Single(_sink.Records).Code);
        Assert.Null(_sink.Records[0].ArgumentBytes);
    }

    [Fact]
    public async Task An_audit_changes_no_decision()
    {
        ToolCallAuthorizer plain = TestPolicies.Authorizer(Policy, options => options.MaxArgumentsBytes = 40);
        ToolCallAuthorizer audited = Audited();
        var codes = new HashSet<DecisionCode>();
        foreach (string tool in (string[])[.. Allowing, "blocked", "hidden", "unlisted", "\ud800"])
        {
            foreach (ToolArguments arguments in Forms())
            {
                foreach (ToolArguments context in Contexts())
                {
                    foreach (ToolArguments inputs in Contexts())
                    {
                        var call = new ToolCall(tool, arguments) { Context = context, Inputs = inputs };
                        ToolCallDecision expected = await plain.AuthorizeAsync(call);
                        ToolCallDecision actual = await audited.AuthorizeAsync(call);
                        Assert.Equal((expected.Code, expected.Rule, expected.Message), (actual.Code, actual.Rule, actual.Message));
                        codes.Add(actual.Code);
                    }
                }
            }
        }

        Assert.Subset(codes, new HashSet<DecisionCode>(
        [
            DecisionCode.Allowed, DecisionCode.ArgumentsTooLarge, DecisionCode.ArgumentsMalformed, DecisionCode.ContextMalformed,
            DecisionCode.Hidden, DecisionCode.ActionDeny, DecisionCode.ArgumentsInvalid, DecisionCode.RequireFailed,
            DecisionCode.DenyIfMatched, DecisionCode.IncrementInvalid,
        ]));
    }

    private static IEnumerable<ToolArguments> Contexts() => [default, ToolArguments.FromJson("{"), ToolArguments.FromJson("""{"n":6}""")];

    private static IEnumerable<ToolArguments> Forms() =>
    [
        ToolArguments.None,
        ToolArguments.FromJson("{}"),
        ToolArguments.FromJson("""{"n":1}"""),
        ToolArguments.FromJson("""{"n":6}"""),
        ToolArguments.FromJson("[]"),
        ToolArguments.FromUtf8(ReadOnlyMemory<byte>.Empty),
        ToolArguments.FromJson("""{"n":1,"n":2}"""),
        ToolArguments.FromJson(new string(' ', 41)),
        ToolArguments.FromJson("{\"a\":\"\ud800\"}"),
        ToolArguments.FromElement(JsonDocument.Parse("""{"n":1}""").RootElement),
        ToolArguments.FromElement(default),
        ToolArguments.FromDictionary(new Dictionary<string, object?>()),
        ToolArguments.FromDictionary(new Dictionary<string, object?> { ["n"] = new object() }),
        ToolArguments.FromDictionary(new FickleDictionary<object?>([null])),
    ];

    private ToolCallAuthorizer Audited(PolicyLayerKeys? keys = null) => TestPolicies.Authorizer(Policy, options =>
    {
        options.AuditSinks.Add(_sink);
        options.Keys = keys;
        options.MaxArgumentsBytes = 40;
    });

    private async Task AssertRecorded(string tool, ToolArguments arguments)
    {
        ToolCallDecision decision = await Audited().AuthorizeAsync(
            new ToolCall(tool, arguments) { Context = ToolArguments.FromJson("""{"n":1}""") });
        Assert.True(decision.IsAllowed, decision.Message);
        Assert.Equal(["n", "z"], _sink.Records[^1].ArgumentNames);
        Assert.Equal(13, _sink.Records[^1].ArgumentBytes);
    }

    /// <summary>Holds something else at each enumeration, the last for good; null stands for one that throws.</summary>
    private sealed class FickleDictionary<T>(Dictionary<string, T>?[] contents) : IReadOnlyDictionary<string, T>
    {
        public int Enumerations { get; private set; }

        public int Count => contents[0]?.Count ?? 1;

        public IEnumerable<string> Keys => throw new NotSupportedException();

        public IEnumerable<T> Values => throw new NotSupportedException();

        public T this[string key] => throw new NotSupportedException();

        public bool ContainsKey(string key) => throw new NotSupportedException();

        public bool TryGetValue(string key, [MaybeNullWhen(false)] out T value) => throw new NotSupportedException();

        public IEnumerator<KeyValuePair<string, T>> GetEnumerator()
        {
            Dictionary<string, T>? content = contents[Math.Min(Enumerations++, contents.Length - 1)];
            return content?.GetEnumerator() ?? throw new InvalidOperationException("broken");
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
