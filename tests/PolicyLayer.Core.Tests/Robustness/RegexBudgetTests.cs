using System.Text;

namespace PolicyLayer.Tests.Robustness;

/// <summary>Regexes that would take too much work deny, whichever way they are asked.</summary>
public sealed class RegexBudgetTests
{
    private static readonly string TooMuch = string.Concat(Enumerable.Repeat("ac", 200_000));

    [Theory]
    [InlineData("deny_if", "a.{999}[bd]")]
    [InlineData("require", "a.{999}c$")]
    public async Task Too_much_work_in_a_rule_opens_no_door(string list, string regex)
    {
        var entry = $$"""{ "{{list}}": [{ "conditions": [{ "path": "args.x", "op": "regex", "value": "{{regex}}" }] }] }""";
        Assert.Equal(DecisionCode.ArgumentsTooLarge, await Judge(entry, $$"""{"x":"{{TooMuch}}"}"""));
    }

    [Theory]
    [InlineData("""{ "arguments": { "properties": { "x": { "pattern": "a.{999}c$" } } } }""")]
    [InlineData("""{ "arguments": { "properties": { "x": { "not": { "pattern": "a.{999}[bd]" } } } } }""")]
    public async Task Too_much_work_in_a_schema_opens_no_door(string entry) =>
        Assert.Equal(DecisionCode.ArgumentsTooLarge, await Judge(entry, $$"""{"x":"{{TooMuch}}"}"""));

    [Fact]
    public async Task Too_much_work_over_names_opens_no_door() => Assert.Equal(
        DecisionCode.ArgumentsTooLarge,
        await Judge("""{ "arguments": { "patternProperties": { "a.{999}[bd]": false } } }""", $$"""{"{{TooMuch}}":1}"""));

    [Fact]
    public async Task The_regexes_of_a_call_spend_together()
    {
        // A thousand states at each of 25,000 bytes: one such rule is within what a call may spend, two aren't.
        const string rule = """{ "conditions": [{ "path": "args.x", "op": "regex", "value": "a.{999}[bd]" }] }""";
        var arguments = $$"""{"x":"{{new string('a', 25_000)}}"}""";

        Assert.Equal(DecisionCode.Allowed, await Judge($$"""{ "deny_if": [{{rule}}] }""", arguments));
        Assert.Equal(DecisionCode.ArgumentsTooLarge, await Judge($$"""{ "deny_if": [{{rule}}, {{rule}}] }""", arguments));
    }

    private static async Task<DecisionCode> Judge(string entry, string arguments)
    {
        var authorizer = TestPolicies.Authorizer($$"""{ "version": "1", "default": "deny", "tools": { "t": {{entry}} } }""");
        return (await authorizer.AuthorizeAsync(new ToolCall("t", Encoding.UTF8.GetBytes(arguments)))).Code;
    }
}
