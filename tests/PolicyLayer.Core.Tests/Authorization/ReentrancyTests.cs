using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace PolicyLayer.Tests.Authorization;

/// <summary>A host's dictionary may judge a call while it is read, or fail: neither disturbs another call on the same thread.</summary>
public sealed class ReentrancyTests
{
    private const string Policy = """
        { "version": "1", "default": "deny", "tools": { "t": {
          "require": [{ "conditions": [
            { "path": "args.first", "op": "eq", "value": "outer" },
            { "path": "args.second", "op": "eq", "value": "value" }] }] } } }
        """;

    [Fact]
    public async Task A_call_judged_while_another_is_read_disturbs_neither()
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(Policy);
        DecisionCode inner = DecisionCode.InternalError;
        var arguments = new InterruptedDictionary(() =>
            inner = authorizer.AuthorizeAsync(new ToolCall("t", ToolArguments.FromDictionary(NewValues("inner")))).AsTask().Result.Code);
        Assert.Equal(
            DecisionCode.Allowed, (await authorizer.AuthorizeAsync(new ToolCall("t", ToolArguments.FromDictionary(arguments)))).Code);
        Assert.Equal(DecisionCode.RequireFailed, inner);
    }

    [Fact]
    public async Task A_call_that_broke_leaves_nothing_behind()
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(Policy);
        for (int i = 0; i < 3; i++)
        {
            var broken = new InterruptedDictionary(() => throw new InvalidOperationException("broken"));
            Assert.Equal(
                DecisionCode.InternalError,
                (await authorizer.AuthorizeAsync(new ToolCall("t", ToolArguments.FromDictionary(broken)))).Code);
            Assert.True((await authorizer.AuthorizeAsync(new ToolCall("t", ToolArguments.FromDictionary(NewValues("outer"))))).IsAllowed);
        }
    }

    private static Dictionary<string, object?> NewValues(string first) => new() { ["first"] = first, ["second"] = "value" };

    /// <summary>Does something between its first and its second member.</summary>
    private sealed class InterruptedDictionary(Action interrupt) : IReadOnlyDictionary<string, object?>
    {
        private readonly Dictionary<string, object?> _values = NewValues("outer");

        public int Count => _values.Count;

        public IEnumerable<string> Keys => _values.Keys;

        public IEnumerable<object?> Values => _values.Values;

        public object? this[string key] => _values[key];

        public bool ContainsKey(string key) => _values.ContainsKey(key);

        public bool TryGetValue(string key, [MaybeNullWhen(false)] out object? value) => _values.TryGetValue(key, out value);

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
        {
            yield return KeyValuePair.Create("first", _values["first"]);
            interrupt();
            yield return KeyValuePair.Create("second", _values["second"]);
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
