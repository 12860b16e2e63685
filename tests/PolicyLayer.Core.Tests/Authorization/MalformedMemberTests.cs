using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using PolicyLayer.Telemetry;

namespace PolicyLayer.Tests.Authorization;

/// <summary>What of a host's dictionary can't be judged is told, by its place and type, and by no name below the top.</summary>
public sealed class MalformedMemberTests
{
    private const string Secret = "s3cr3t";
    private const string OfText = "System.String";
    private const string OfObjects = "Dictionary`2";

    private readonly List<Fault> _faults = [];

    /// <summary>A note, the dictionary, the pointer, and the end of the type's name.</summary>
    public static TheoryData<string, Func<IReadOnlyDictionary<string, object?>>, string, string?> Dictionaries => new()
    {
        { "an unknown type", () => One("v", new Unwritable()), "/v", nameof(Unwritable) },
        { "no number", () => One("v", double.NaN), "/v", "System.Double" },
        { "half a surrogate pair", () => One("v", Secret + "\ud800"), "/v", OfText },
        { "behind others", () => new Pairs(("a", 1), ("b", new[] { 1 }), ("v", float.NaN)), "/v", "System.Single" },
        { "in a list", () => One("rows", new object?[] { 1, "x", double.NaN }), "/rows/2", "System.Double" },
        { "below a name", () => One("rows", new object[] { One("x", 1), One(Secret, double.NaN) }), "/rows/1/*", "System.Double" },
        { "deep", () => One("v", One(Secret, new[] { One(Secret, new Unwritable()) })), "/v/*/0/*", nameof(Unwritable) },
        { "an untyped dictionary", () => One("v", new Hashtable { [Secret] = new Unwritable() }), "/v/*", nameof(Unwritable) },
        { "a key that is no name", () => One("v", new Hashtable { [1] = 1 }), "/v", "Hashtable" },
        { "a name below the top", () => One("v", One(Secret + "\ud800", 1)), "/v", OfObjects },
        { "a name at the top", () => new Dictionary<string, object?> { ["a"] = 1, ["b\ud800"] = 1 }, "", OfObjects },
        { "no name", () => new Pairs(("a", 1), (null!, 2)), "", nameof(Pairs) },
        { "a name to be escaped", () => One("a/b~c", double.NaN), "/a~1b~0c", "System.Double" },
        { "a long name", () => One(new string('n', 100), double.NaN), "/" + new string('n', 64), "System.Double" },
        { "an undefined element", () => One("v", default(JsonElement)), "/v", "JsonElement" },
        { "an object of a name twice", () => One("v", JsonNode.Parse("{\"s3cr3t\":1,\"s3cr3t\":2}")), "/v", "JsonObject" },
        { "an element of a name twice", () => One("v", JsonDocument.Parse("{\"s3cr3t\":1,\"s3cr3t\":2}").RootElement), "/v", null },
        { "an element with a comment", () => One("v", Commented()), "/v", null },
        { "a name twice", () => new Pairs(("a", 1), ("v", 2), ("v", Secret)), "/v", null },
        { "a dictionary with a converter", () => new Converted { ["a"] = 1 }, "", nameof(Converted) },
    };

    [Theory]
    [MemberData(nameof(Dictionaries))]
    public async Task It_is_told_of_arguments_of_the_context_and_of_answers(
        string note, Func<IReadOnlyDictionary<string, object?>> make, string member, string? type)
    {
        var arguments = ToolArguments.FromDictionary(make());
        ToolCallDecision decision = await Authorizer().AuthorizeAsync(new ToolCall("t", arguments));
        Assert.Equal((DecisionCode.ArgumentsMalformed, note), (decision.Code, note));
        AssertTold("ToolCall.Arguments", decision, member, type);

        decision = await Authorizer().AuthorizeAsync(new ToolCall("t") { Context = arguments });
        Assert.Equal(DecisionCode.ContextMalformed, decision.Code);
        AssertTold("ToolCall.Context", decision, member, type);

        decision = await Authorizer().AuthorizeAsync(new ToolCall("t") { Inputs = arguments });
        Assert.Equal(DecisionCode.ArgumentsMalformed, decision.Code);
        AssertTold("ToolCall.Inputs", decision, member, type);
    }

    [Fact]
    public async Task It_is_told_of_elements_of_attributes_and_by_an_explanation()
    {
        var elements = ToolArguments.FromDictionary(new Dictionary<string, JsonElement> { ["a"] = Commented(), ["v"] = default });
        ToolCallDecision decision = await Authorizer().AuthorizeAsync(new ToolCall("t", elements));
        AssertTold("ToolCall.Arguments", decision, "/v", "JsonElement");

        var attributes = new Dictionary<string, string> { ["team"] = Secret + "\ud800" };
        decision = await Authorizer().AuthorizeAsync(new ToolCall("grants") { GrantAttributes = attributes });
        Assert.Equal(DecisionCode.ContextMalformed, decision.Code);
        AssertTold("GrantAttributes", decision, "/team", OfText);

        ToolCallExplanation explained = await Authorizer().ExplainAsync(new ToolCall("t", elements));
        Assert.Equal((DecisionCode.ArgumentsMalformed, "/v"), (explained.Code, Assert.Single(_faults).Member));
    }

    [Fact]
    public async Task What_a_dictionary_throws_is_told_with_the_member()
    {
        var arguments = ToolArguments.FromDictionary(One("rows", new object[] { 1, Throwing() }));
        ToolCallDecision decision = await Authorizer().AuthorizeAsync(new ToolCall("t", arguments));
        Assert.Equal(DecisionCode.InternalError, decision.Code);
        Fault fault = Assert.Single(_faults);
        Assert.Equal((FaultKind.Judging, "ToolCall.Arguments", "/rows/1/1"), (fault.Kind, fault.Place, fault.Member));
        Assert.Equal(("System.TimeZoneNotFoundException", null, null), (fault.ExceptionType, fault.MemberType, fault.Exception));
        Assert.Contains(nameof(Throwing), fault.StackTrace, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, fault.StackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exception_says_nothing_of_its_own_as_a_stack_trace()
    {
        var arguments = ToolArguments.FromDictionary(One("v", ThrowingTalkative()));
        await Authorizer().AuthorizeAsync(new ToolCall("t", arguments));
        Fault fault = Assert.Single(_faults);
        Assert.Equal(typeof(TalkativeException).FullName, fault.ExceptionType);
        Assert.Contains(nameof(ThrowingTalkative), fault.StackTrace, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, fault.StackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_told_of_texts_or_of_what_is_too_deep_or_sound()
    {
        object deep = 1;
        for (int i = 0; i < 80; i++)
        {
            deep = new[] { deep };
        }

        ToolCallAuthorizer authorizer = Authorizer();
        foreach ((ToolArguments arguments, DecisionCode code) in new[]
        {
            (ToolArguments.FromJson("{\"a\":1,\"a\":2}"), DecisionCode.ArgumentsMalformed),
            (ToolArguments.FromDictionary(One("v", deep)), DecisionCode.ArgumentsTooLarge),
            (ToolArguments.FromDictionary(One("v", Secret)), DecisionCode.Allowed),
        })
        {
            Assert.Equal(code, (await authorizer.AuthorizeAsync(new ToolCall("t", arguments))).Code);
        }

        Assert.Empty(_faults);
    }

    private static Dictionary<string, object?> One(string name, object? value) => new() { [name] = value };

    private static JsonElement Commented() =>
        JsonDocument.Parse("[1/* s3cr3t */]", new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip }).RootElement;

    private static IEnumerable<string> Throwing()
    {
        yield return Secret;
        throw new TimeZoneNotFoundException(Secret);
    }

    private static IEnumerable<string> ThrowingTalkative()
    {
        yield return Secret;
        throw new TalkativeException();
    }

    private ToolCallAuthorizer Authorizer()
    {
        _faults.Clear();
        return TestPolicies.Authorizer(
            """
            { "version": "1", "default": "allow", "tools": {
              "grants": { "require": [{ "conditions": [{ "path": "grant.team", "op": "eq", "value": "a" }] }] } } }
            """,
            options => options.FaultListener = new FaultList(_faults));
    }

    private void AssertTold(string place, ToolCallDecision decision, string member, string? type)
    {
        Fault fault = Assert.Single(_faults);
        Assert.Equal((FaultKind.Malformed, place, decision.DecisionId), (fault.Kind, fault.Place, fault.DecisionId));
        Assert.Equal(("System.FormatException", null, null), (fault.ExceptionType, fault.Exception, fault.StackTrace));
        Assert.Equal(member, fault.Member);
        Assert.True(type is null ? fault.MemberType is null : fault.MemberType!.Contains(type, StringComparison.Ordinal), fault.MemberType);
    }

    private sealed class Unwritable
    {
        public override string ToString() => Secret;
    }

    [JsonConverter(typeof(JsonStringEnumConverter))]
    private sealed class Converted : Dictionary<string, object?>;

    private sealed class TalkativeException : Exception
    {
        public override string StackTrace => Secret;
    }

    /// <summary>A dictionary that gives its pairs, whatever their names.</summary>
    private sealed class Pairs(params (string Name, object? Value)[] pairs) : IReadOnlyDictionary<string, object?>
    {
        public IEnumerable<string> Keys => pairs.Select(pair => pair.Name);

        public IEnumerable<object?> Values => pairs.Select(pair => pair.Value);

        public int Count => pairs.Length;

        public object? this[string key] => pairs.First(pair => pair.Name == key).Value;

        public bool ContainsKey(string key) => Keys.Contains(key);

        public bool TryGetValue(string key, out object? value) => throw new NotSupportedException();

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() =>
            pairs.Select(pair => KeyValuePair.Create(pair.Name, pair.Value)).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
