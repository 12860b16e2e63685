using System.Collections.Frozen;
using System.Dynamic;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PolicyLayer.Tests.Authorization;

/// <summary>Names that differ only by case, in dictionaries that would find one by the other.</summary>
public sealed class CaseVariantTests
{
    private static readonly ToolCallAuthorizer Authorizer = TestPolicies.Authorizer("""
        { "version": "1", "default": "deny", "tools": {
          "rule": { "deny_if": [ { "conditions": [ { "path": "args.path", "op": "regex", "value": "^/etc/" } ] } ] },
          "nested": { "require": [ { "conditions": [ { "path": "args.options[*].recursive", "op": "eq", "value": false } ] } ] },
          "schema": { "arguments": { "properties": { "options": { "items": { "properties": { "recursive": { "const": false } } } } } } },
          "spend": { "limits": [ { "counter": "c", "window": "minute", "max": 10, "increment_from": "args.amount" } ] },
          "team": { "require": [ { "conditions": [ { "path": "grant.team", "op": "eq", "value": "docs" } ] } ] } } }
        """);

    public static TheoryData<StringComparer> Comparers =>
        [StringComparer.Ordinal, StringComparer.OrdinalIgnoreCase, StringComparer.InvariantCultureIgnoreCase];

    [Theory]
    [MemberData(nameof(Comparers))]
    public async Task Arguments_are_compared_by_their_names_whatever_the_dictionary_s_comparer(StringComparer comparer)
    {
        JsonElement shadow = JsonElement.Parse("\"/etc/shadow\"");
        var elements = new Dictionary<string, JsonElement>(comparer) { ["PATH"] = shadow };
        var values = new Dictionary<string, object?>(comparer) { ["PATH"] = "/etc/shadow" };
        var sorted = new SortedDictionary<string, object?>(values, comparer);
        var amount = new Dictionary<string, object?>(comparer) { ["Amount"] = 1 };
        var harmless = new Dictionary<string, object?>(comparer) { ["path"] = "/srv" };
        await AssertCode(DecisionCode.DenyIfMatched, "rule", ToolArguments.FromDictionary(elements));
        await AssertCode(DecisionCode.DenyIfMatched, "rule", ToolArguments.FromDictionary(elements.ToFrozenDictionary(comparer)));
        await AssertCode(DecisionCode.DenyIfMatched, "rule", ToolArguments.FromDictionary(values));
        await AssertCode(DecisionCode.DenyIfMatched, "rule", ToolArguments.FromDictionary(sorted));
        await AssertCode(DecisionCode.IncrementInvalid, "spend", ToolArguments.FromDictionary(amount));
        await AssertCode(DecisionCode.Allowed, "rule", ToolArguments.FromDictionary(harmless));
    }

    [Theory]
    [MemberData(nameof(Comparers))]
    public async Task So_are_dictionaries_inside_them(StringComparer comparer)
    {
        IDictionary<string, object?> expando = new ExpandoObject();
        expando["Recursive"] = false;
        object[] options =
        [
            new Dictionary<string, object?>(comparer) { ["Recursive"] = false },
            new Dictionary<string, JsonElement>(comparer) { ["RECURSIVE"] = JsonElement.Parse("false") },
            new System.Collections.Hashtable(comparer) { ["recursivE"] = false },
            new JsonObject(new JsonNodeOptions { PropertyNameCaseInsensitive = true }) { ["Recursive"] = false },
            JsonElement.Parse("""{"recursive":false,"Recursive":true}"""),
            expando,
        ];
        foreach (object option in options)
        {
            var exact = new Dictionary<string, object?>(comparer) { ["recursive"] = false };
            var arguments = new Dictionary<string, object?>(comparer) { ["options"] = new[] { exact, option } };
            await AssertCode(DecisionCode.RequireFailed, "nested", ToolArguments.FromDictionary(arguments));
            await AssertCode(DecisionCode.ArgumentsInvalid, "schema", ToolArguments.FromDictionary(arguments));
            arguments["options"] = new[] { exact };
            await AssertCode(DecisionCode.Allowed, "nested", ToolArguments.FromDictionary(arguments));
            await AssertCode(DecisionCode.Allowed, "schema", ToolArguments.FromDictionary(arguments));
        }
    }

    [Theory]
    [MemberData(nameof(Comparers))]
    public async Task So_are_a_grant_s_attributes(StringComparer comparer)
    {
        await AssertTeam(DecisionCode.Allowed, new Dictionary<string, string>(comparer) { ["team"] = "docs" });
        await AssertTeam(DecisionCode.RequireFailed, new Dictionary<string, string>(comparer) { ["Team"] = "docs" });
        var frozen = new Dictionary<string, string>(comparer) { ["TEAM"] = "docs" }.ToFrozenDictionary(comparer);
        await AssertTeam(DecisionCode.RequireFailed, frozen);
    }

    private static async Task AssertTeam(DecisionCode expected, IReadOnlyDictionary<string, string> attributes) =>
        Assert.Equal(expected, (await Authorizer.AuthorizeAsync(new ToolCall("team") { GrantAttributes = attributes })).Code);

    private static async Task AssertCode(DecisionCode expected, string tool, ToolArguments arguments) =>
        Assert.Equal(expected, (await Authorizer.AuthorizeAsync(new ToolCall(tool, arguments))).Code);
}
