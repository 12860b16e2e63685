using System.Text;
using PolicyLayer.DecisionTree.Verdicts;

namespace PolicyLayer.Tests.Authorization;

/// <summary>What <c>cases/messages.json</c> can't say of the words of a denial: their bounds, and what they cost.</summary>
public sealed class DenialMessageTests
{
    private const int MaxMessage = 4_096;

    [Theory]
    [InlineData(1, "1 second")]
    [InlineData(1_000, "1 second")]
    [InlineData(1_001, "2 seconds")]
    [InlineData(59_001, "1 minute")]
    [InlineData(61_000, "61 seconds")]
    [InlineData(599_000, "599 seconds")]
    [InlineData(600_000, "10 minutes")]
    [InlineData(600_001, "11 minutes")]
    [InlineData(660_001, "12 minutes")]
    [InlineData(3_600_000, "1 hour")]
    [InlineData(3_660_000, "61 minutes")]
    [InlineData(36_000_000, "10 hours")]
    [InlineData(36_000_001, "11 hours")]
    [InlineData(86_400_000, "1 day")]
    [InlineData(90_000_000, "25 hours")]
    [InlineData(864_000_000, "10 days")]
    [InlineData(864_000_001, "11 days")]
    [InlineData(315_537_897_599_999, "3652059 days")]
    public void A_wait_is_rounded_up_in_a_unit_that_makes_it_little_longer(long milliseconds, string words) =>
        Assert.Equal(words, WaitWords.Of(milliseconds));

    [Fact]
    public void A_wait_is_never_too_short_and_at_most_a_tenth_too_long()
    {
        for (long milliseconds = 1_000; milliseconds < 1L << 40; milliseconds = (milliseconds * 13 / 12) + 1)
        {
            string[] words = WaitWords.Of(milliseconds).Split(' ');
            long unit = words[1].TrimEnd('s') switch { "second" => 1, "minute" => 60, "hour" => 3_600, _ => 86_400 };
            long said = long.Parse(words[0], System.Globalization.CultureInfo.InvariantCulture) * unit * 1_000;
            Assert.InRange(said, milliseconds, Math.Max(milliseconds * 11 / 10, milliseconds + 999));
        }
    }

    [Fact]
    public void Bounds_that_a_host_set_are_the_ones_that_are_said()
    {
        Policy policy = Policy.Parse("""{ "version": "1", "default": "allow" }""");
        var small = new ToolCallAuthorizerOptions { DefaultGrantId = "g", MaxArgumentsBytes = 40, MaxArgumentsDepth = 3 };
        var other = new ToolCallAuthorizerOptions { DefaultGrantId = "g", MaxArgumentsBytes = 30, MaxWork = 20 };

        Assert.Equal("[POLICY DENIED] The arguments have more than 40 bytes.", MessageOf(policy, small, Text(41)));
        Assert.Equal("[POLICY DENIED] The arguments have more than 30 bytes.", MessageOf(policy, other, Text(41)));
        Assert.Equal("[POLICY DENIED] The arguments have more than 40 bytes.", MessageOf(policy, small, Text(41)));
        Assert.Equal(
            "[POLICY DENIED] The call takes more than 20 steps to judge: say less at once.", MessageOf(policy, other, Text(30)));
        foreach (string form in Behaviour.ArgumentForms.All)
        {
            Assert.Equal(
                "[POLICY DENIED] The arguments are nested deeper than 3 levels.",
                MessageOf(policy, small, Behaviour.ArgumentForms.Wrap("{\"a\":[[[]]]}"u8.ToArray(), form)));
        }
    }

    /// <summary>The longest names and values that a policy may give, in every place where words take them up.</summary>
    [Fact]
    public void However_long_a_policy_s_names_are_its_messages_are_not()
    {
        string name = new('n', 100);
        string names = string.Join(",", Enumerable.Range(0, 100).Select(i => $"\"{i}{name}\":{{}}"));
        string required = string.Join(",", Enumerable.Range(0, 100).Select(i => $"\"{i}{name}\""));
        string conditions = string.Join(",", Enumerable.Range(0, 100).Select(
            i => $$"""{"path":"args.{{name}}[{{i}}].{{name}}","op":"not_in","value":["{{name}}","b"]}"""));
        string alternatives = string.Join(",", Enumerable.Range(0, 100).Select(
            i => $$"""
                {"type":["string","null"],"enum":[{{required}},{{i}}]},{"type":"object","required":[{{required}}],"minLength":{{i}} }
                """));
        foreach (string entry in (string[])
        [
            $$$"""{"arguments":{"properties":{ {{{names}}} },"patternProperties":{ {{{names}}} },"additionalProperties":false}}""",
            $$$"""{"arguments":{"required":["x"],"anyOf":[{{{alternatives}}}]}}""",
            $$$"""{"arguments":{"oneOf":[{{{alternatives}}}]}}""",
            $$"""{"require":[{"conditions":[{{conditions}}]}]}""",
            $$"""{"require":[{"conditions":[{{conditions}}],"name":"{{name}}"}]}""",
            $$"""{"require":[{"conditions":[{"path":"args.x","op":"lt","value_from":"args.{{name}}.{{name}}"}],"name":"{{name}}"}]}""",
            $$"""{"limits":[{"counter":"{{name}}","window":61,"max":0.000001}]}""",
            $$"""{"limits":[{"counter":"{{name}}","window":61,"max":1,"increment_from":"args.{{name}}.{{name}}"}]}""",
        ])
        {
            Policy policy = Policy.Parse(Encoding.UTF8.GetBytes($$$"""{"version":"1","default":"deny","tools":{"t":{{{entry}}} } }"""));
            string message = MessageOf(policy, TestPolicies.OneGrant, Encoding.UTF8.GetBytes("""{"x":1,"y":[]}"""))!;
            Assert.InRange(message.Length, 40, MaxMessage);
        }
    }

    /// <summary>The rule is judged again for its words, which the call doesn't pay for: it may have nothing left.</summary>
    [Fact]
    public void Words_take_nothing_of_a_call_s_work_and_change_no_decision()
    {
        Policy policy = Policy.Parse("""
            { "version": "1", "default": "deny", "tools": { "t": { "require": [{ "conditions": [
              { "path": "args.list[*]", "op": "contains", "value": "b" }, { "path": "args.v", "op": "lt", "value": 5 }] }] } } }
            """);
        byte[] few = Arguments(10);
        byte[] many = Arguments(100_000);

        long least = 1;
        while (Judge(policy, least, few).Code == DecisionCode.ArgumentsTooLarge)
        {
            least++;
        }

        const string rule = "The call does not meet the rule on";
        Assert.InRange(least, few.Length, few.Length + 1_000);
        Assert.Equal($"[POLICY DENIED] `args.v` must be a number. {rule} `args.v` (`lt`).", Judge(policy, least, few).Message);
        Assert.Equal(DecisionCode.RequireFailed, Judge(policy, 33_554_432, many).Code);
        Assert.Equal(
            $"[POLICY DENIED] {rule} `args.list[*]` (`contains`) and `args.v` (`lt`).", Judge(policy, 33_554_432, many).Message);
    }

    /// <summary>Which keyword fails doesn't hang on how much its words take to find.</summary>
    [Theory]
    [InlineData(10, "`bbbbb`")]
    [InlineData(40_000, "every name that is required")]
    public void A_missing_name_fails_its_keyword_however_many_there_are(int members, string words)
    {
        Policy policy = Policy.Parse(
            """{ "version": "1", "default": "deny", "tools": { "t": { "arguments": { "required": ["aaaaa", "bbbbb"] } } } }""");
        string others = string.Concat(Enumerable.Range(0, members).Select(i => $"\"{i:D5}\":0,"));

        ToolCallDecision decision = Judge(policy, 33_554_432, Encoding.UTF8.GetBytes($$"""{ {{others}} "aaaaa": 1 }"""));

        Assert.Equal("/tools/t/arguments/required", decision.Rule);
        Assert.Equal($"[POLICY DENIED] The arguments must have {words}.", decision.Message);
    }

    /// <summary>An agent asks in two bytes, and as often as it likes.</summary>
    [Theory]
    [InlineData("\"required\":[NAMES]", "{}")]
    [InlineData("\"properties\":{MEMBERS},\"additionalProperties\":false", "{\"q\":1}")]
    [InlineData("\"properties\":{MEMBERS},\"unevaluatedProperties\":false", "{\"q\":1}")]
    public void Words_for_a_small_call_make_no_more_than_they_tell(string schema, string arguments)
    {
        string[] names = [.. Enumerable.Range(0, 20_000).Select(i => $"\"name{i}\"")];
        schema = schema.Replace("NAMES", string.Join(",", names), StringComparison.Ordinal)
            .Replace("MEMBERS", string.Join(",", names.Select(name => name + ":{}")), StringComparison.Ordinal);
        Policy policy = Policy.Parse(
            Encoding.UTF8.GetBytes($$$"""{"version":"1","default":"deny","tools":{"t":{"arguments":{ {{{schema}}} } } } }"""));
        byte[] call = Encoding.UTF8.GetBytes(arguments);
        Assert.Equal(DecisionCode.ArgumentsInvalid, Judge(policy, 33_554_432, call).Code);

        long before = GC.GetAllocatedBytesForCurrentThread();
        ToolCallDecision decision = Judge(policy, 33_554_432, call);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 100_000);
        Assert.Contains(" and more", decision.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a limit that is used up", """{ "limits": [{ "counter": "a", "window": "day", "max": 1 }] }""", "limit_exceeded")]
    [InlineData("a limit that no call fits", """{ "limits": [{ "counter": "a", "window": "day", "max": 0 }] }""", "limit_exceeded")]
    [InlineData("a rule", """{ "require": [{ "conditions": [{ "path": "args.mode", "op": "eq", "value": "w" }] }] }""", "require_failed")]
    [InlineData(
        "a rule that can't be judged", """{ "require": [{ "conditions": [{ "path": "args.mode", "op": "lt", "value": 1 }] }] }""",
        "require_failed")]
    [InlineData(
        "a fact that isn't given", """{ "deny_if": [{ "conditions": [{ "path": "context.a", "op": "eq", "value": 1 }] }] }""",
        "deny_if_matched")]
    [InlineData(
        "an operand that isn't given", """{ "deny_if": [{ "conditions": [{ "path": "args.mode", "op": "eq", "value_from": "args.x" }]}]}""",
        "deny_if_matched")]
    [InlineData(
        "a missing argument", """{ "require": [{ "conditions": [{ "path": "args.a", "op": "eq", "value": 1 }] }] }""", "require_failed")]
    [InlineData(
        "what an operator of meaning can't read",
        """{ "require": [{ "conditions": [{ "path": "args.mode", "op": "within", "value": ["/a", "C:/"] }] }] }""", "require_failed")]
    [InlineData(
        "alternatives", """
        { "require": [{ "any": [[{ "path": "args.mode", "op": "command_in", "value": "R" }],
          [{ "path": "args.a", "op": "eq", "value": 1 }], [{ "path": "args.mode", "op": "eq", "value": 1 }],
          [{ "path": "args.mode", "op": "url_in", "value": "a.test" }], [{ "path": "args.b", "op": "eq", "value": 1 }]] }] }
        """,
        "require_failed")]
    public void A_warm_denial_allocates_nothing_while_nobody_reads_its_message(string kind, string entry, string code)
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(
            $$"""{ "version": "1", "default": "deny", "tools": { "{{kind}}": {{entry}} } }""");
        var call = new ToolCall(kind, Encoding.UTF8.GetBytes("""{"mode":"r"}"""));
        for (int i = 0; i < 1_000; i++)
        {
            TestPolicies.Now(authorizer.AuthorizeAsync(call));
        }

        int wrong = 0;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++)
        {
            wrong += TestPolicies.Now(authorizer.AuthorizeAsync(call)).IsAllowed ? 1 : 0;
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(0, wrong);
        Assert.Equal(code, TestPolicies.Now(authorizer.AuthorizeAsync(call)).Code.ToWireString());
    }

    /// <summary>An agent chooses in which way each list of <c>any</c> fails: it can't make a policy grow with each.</summary>
    [Fact]
    public void Ways_to_be_denied_are_more_than_verdicts_are_kept()
    {
        string lists = string.Join(",", Enumerable.Range(0, 4).Select(
            i => $$"""[{ "path": "args.v{{i}}", "op": "command_in", "value": "ls" }]"""));
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(
            $$$"""{ "version": "1", "default": "deny", "tools": { "t": { "require": [{ "any": [{{{lists}}}] }] } } }""");
        string[] ways = ["a *", "a # b", "a=b", "a > b", "a &", "a (b)", "a 'b", "a ~", "for", "a $b"];
        string Say(int n)
        {
            string[] chosen = [ways[n % 10], ways[n / 10 % 10], ways[n / 100 % 10], ways[n / 1_000]];
            byte[] arguments = Encoding.UTF8.GetBytes("{" + string.Join(",", chosen.Select((way, i) => $"\"v{i}\":\"{way}\"")) + "}");
            return TestPolicies.Now(authorizer.AuthorizeAsync(new ToolCall("t", arguments))).Message!;
        }

        string[] SayAll() => [.. Enumerable.Range(0, 10_000).Select(Say)];

        string[] first = SayAll();
        Assert.Equal(first, SayAll());
        Assert.Equal(10_000, first.Distinct().Count());
        Assert.InRange(first.Zip(SayAll()).Count(pair => ReferenceEquals(pair.First, pair.Second)), 1, 64);
    }

    /// <summary>An agent chooses among the ways, each of which would keep the author's words once more.</summary>
    [Fact]
    public void Long_words_of_an_author_are_kept_a_few_times_at_most()
    {
        string lists = string.Join(",", Enumerable.Range(0, 4).Select(i => $$"""[{ "path": "args.v{{i}}", "op": "lt", "value": 1 }]"""));
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(
            $$$"""
            { "version": "1", "default": "deny", "tools": { "t": { "require": [
              { "any": [{{{lists}}}], "on_deny": "{{{new string('w', 10_000)}}}" }] } } }
            """);
        string Say(int n)
        {
            byte[] arguments = Encoding.UTF8.GetBytes(
                "{" + string.Join(",", Enumerable.Range(0, 4).Select(i => $"\"v{i}\":{((n >> i) % 2 == 0 ? "2" : "\"x\"")}")) + "}");
            return TestPolicies.Now(authorizer.AuthorizeAsync(new ToolCall("t", arguments))).Message!;
        }

        string[] first = [.. Enumerable.Range(0, 16).Select(Say)];
        string[] second = [.. Enumerable.Range(0, 16).Select(Say)];

        Assert.Equal(first, second);
        Assert.All(first, message => Assert.InRange(message.Length, 10_000, 11_000));
        Assert.InRange(first.Zip(second).Count(pair => ReferenceEquals(pair.First, pair.Second)), 1, 3);
    }

    [Fact]
    public void A_refusal_that_says_what_is_left_costs_little()
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer("""
            { "version": "1", "default": "deny", "tools": { "t": { "limits": [
              { "counter": "a", "window": "day", "max": 1.5, "increment_from": "args.n" }] } } }
            """);
        var call = new ToolCall("t", Encoding.UTF8.GetBytes("""{"n":1}"""));
        for (int i = 0; i < 1_000; i++)
        {
            TestPolicies.Now(authorizer.AuthorizeAsync(call));
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++)
        {
            TestPolicies.Now(authorizer.AuthorizeAsync(call));
        }

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 1_000, 1, 2_000);
    }

    private static byte[] Text(int bytes) => Encoding.UTF8.GetBytes($$"""{"a":"{{new string('x', bytes - 8)}}"}""");

    private static byte[] Arguments(int elements) => Encoding.UTF8.GetBytes(
        $$"""{"list":[{{string.Join(",", Enumerable.Repeat("\"b\"", elements))}}],"v":"x"}""");

    private static string? MessageOf(Policy policy, ToolCallAuthorizerOptions options, ToolArguments arguments) =>
        TestPolicies.Now(new ToolCallAuthorizer(policy, options).AuthorizeAsync(new ToolCall("t", arguments))).Message;

    private static ToolCallDecision Judge(Policy policy, long max, byte[] arguments) => TestPolicies.Now(
        new ToolCallAuthorizer(policy, new ToolCallAuthorizerOptions { DefaultGrantId = "g", MaxWork = max })
            .AuthorizeAsync(new ToolCall("t", arguments)));
}
