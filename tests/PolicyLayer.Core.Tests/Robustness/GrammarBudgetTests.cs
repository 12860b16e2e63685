using System.Text;
using PolicyLayer.Tests.Behaviour;

namespace PolicyLayer.Tests.Robustness;

/// <summary>An agent that chooses texts, words and, by <c>value_from</c>, patterns gets no call past the budget.</summary>
public sealed class GrammarBudgetTests
{
    private const long Enough = 100_000;

    /// <summary>Conditions that hold of the arguments beside them, so that the call is denied.</summary>
    public static TheoryData<string, string> Forbidden() => new()
    {
        { """{ "path": "args.v", "op": "within", "value": ["/srv", "/etc"] }""", """{"v":"/\u0065tc/passwd"}""" },
        { """{ "path": "args.v[*]", "op": "within", "value": "/etc" }""", """{"v":["/srv/a","/srv/b","/etc/passwd"]}""" },
        { """{ "path": "args.v", "op": "within", "value_from": "args.d" }""", """{"d":["/a","/\u0065tc"],"v":"/etc/passwd"}""" },
        { """{ "path": "args.v", "op": "url_in", "value": "evil.test" }""", """{"v":"https://evil.test/"}""" },
        { """{ "path": "args.v", "op": "email_in", "value": ["@a.test", "@evil.test"] }""", """{"v":"ann@evil.test"}""" },
        { """{ "path": "args.v", "op": "command_in", "value": ["rm **"] }""", """{"v":"ls; cat x | rm -rf /"}""" },
        { """{ "path": "args.v[*]", "op": "command_in", "value_from": "args.c" }""", """{"c":["rm **"],"v":["ls","ls; rm x"]}""" },
        { """{ "path": "args.v", "op": "argv_in", "value": ["rm **"] }""", """{"v":["rm","-rf","\u002f"]}""" },
    };

    /// <summary>Short texts and patterns of which long ones are made: each judgement is a product of both.</summary>
    public static TheoryData<string, string, string> Products() => new()
    {
        { "within", "\"/srv/NNN\"", "\"/" + Repeated("./") + "\"" },
        { "url_in", "\"a.test/NNN\"", "\"https://a.test/" + Repeated("a/") + "\"" },
        { "email_in", "\"@aNNN.test\"", "\"ann@" + Repeated("a.") + "test\"" },
        { "command_in", "\"ls NNN\"", "\"" + Repeated("a;") + "b\"" },
        { "argv_in", "\"ls NNN *\"", "[\"ls\"," + Repeated("\"a\",") + "\"b\"]" },
    };

    [Theory]
    [MemberData(nameof(Forbidden))]
    public void Wherever_the_budget_ends_the_call_is_denied(string condition, string arguments)
    {
        Policy policy = Denying(condition);
        byte[] utf8 = Encoding.UTF8.GetBytes(arguments);
        long least = 1;
        for (ToolCallDecision decision; (decision = Judge(policy, least, utf8)).Code != DecisionCode.DenyIfMatched; least++)
        {
            Assert.Equal((DecisionCode.ArgumentsTooLarge, ""), (decision.Code, decision.Rule));
        }

        Assert.InRange(least, utf8.Length, Enough);
        Assert.Equal(DecisionCode.DenyIfMatched, Judge(policy, Enough, utf8).Code);
    }

    [Theory]
    [MemberData(nameof(Forbidden))]
    public void The_count_is_the_same_in_whichever_form_and_however_often(string condition, string arguments)
    {
        Policy policy = Denying(condition);
        string written = arguments.Replace("\\u0065", "e", StringComparison.Ordinal).Replace("\\u002f", "/", StringComparison.Ordinal);
        byte[] plain = Encoding.UTF8.GetBytes(written);
        long least = 1;
        while (Judge(policy, least, plain).Code == DecisionCode.ArgumentsTooLarge)
        {
            least++;
        }

        Assert.All(ArgumentForms.All, form =>
        {
            Assert.Equal(DecisionCode.ArgumentsTooLarge, Judge(policy, least - 1, ArgumentForms.Wrap(plain, form)).Code);
            Assert.Equal(DecisionCode.DenyIfMatched, Judge(policy, least, ArgumentForms.Wrap(plain, form)).Code);
        });
    }

    /// <summary>Half a mebibyte by a thousand patterns would take seconds to minutes.</summary>
    [Theory]
    [MemberData(nameof(Products))]
    public void Long_texts_by_many_patterns_are_denied_unread(string op, string pattern, string text)
    {
        string patterns = string.Join(
            ",", Enumerable.Range(0, 1_000).Select(i => pattern.Replace("NNN", i.ToString("d4", null), StringComparison.Ordinal)));
        byte[] utf8 = Encoding.UTF8.GetBytes($$"""{"v":{{text}},"p":[{{patterns}}]}""");
        foreach (string operand in (string[])[$"\"value\": [{patterns}]", "\"value_from\": \"args.p\""])
        {
            Policy policy = Denying($$"""{ "path": "args.v", "op": "{{op}}", {{operand}} }""");
            Assert.Equal(DecisionCode.ArgumentsTooLarge, Judge(policy, new ToolCallAuthorizerOptions().MaxWork, utf8).Code);
        }
    }

    private static string Repeated(string part) => string.Concat(Enumerable.Repeat(part, (1 << 19) / part.Length));

    private static Policy Denying(string condition) => Policy.Parse(Encoding.UTF8.GetBytes(
        $$"""{ "version": "1", "default": "deny", "tools": { "t": { "deny_if": [{ "conditions": [{{condition}}] }] } } }"""));

    private static ToolCallDecision Judge(Policy policy, long max, ToolArguments arguments) =>
        TestPolicies.Now(new ToolCallAuthorizer(policy, new ToolCallAuthorizerOptions { DefaultGrantId = "g", MaxWork = max })
            .AuthorizeAsync(new ToolCall("t", arguments)));
}
