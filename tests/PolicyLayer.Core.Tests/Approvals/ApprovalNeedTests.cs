using System.Security.Cryptography;
using System.Text;
using PolicyLayer.Counters;
using PolicyLayer.DecisionTree;
using PolicyLayer.DecisionTree.Approvals;

namespace PolicyLayer.Tests.Approvals;

/// <summary>What the tree says of a call that a person has to approve: what asks, what the person sees, and what comes after.</summary>
public sealed class ApprovalNeedTests
{
    private const string Pay = """
        {"version":"1","name":"bank","default":"deny",
        "all_tools":{"require":[{"conditions":[{"path":"context.region","op":"eq","value":"EU"}]}]},
        "tools":{"pay":{"risk":"financial","reason":"Ask the treasurer.",
        "approve_if":[
          {"conditions":[{"path":"args.amount","op":"gt","value":100}],"reason":"Large payments wait."},
          {"name":"new payee","conditions":[{"path":"args.to","op":"not_in","value_from":"context.known[\"pay ees\"]"}]},
          {"conditions":[{"path":"context.risks[*].level","op":"eq","value":"high"}],"reason":"r"}]}}}
        """;

    private const string Context = """{"region":"EU","known":{"pay ees":["a","b"]},"risks":[],"unread":1}""";

    [Theory]
    [InlineData(Pay, true)]
    [InlineData("""{"version":"1","default":"deny","tools":{"a":{},"b*":{"action":"require_approval"}}}""", true)]
    [InlineData("""{"version":"1","default":"allow","tools":{"a":{"action":"deny"},"b":{"rate_limit":"1/hour"}}}""", false)]
    public void A_policy_says_whether_it_may_ask(string policy, bool expected) =>
        Assert.Equal(expected, Policy.Parse(policy).MayRequireApproval);

    [Fact]
    public void All_rules_that_hold_ask_and_the_first_says_why()
    {
        ApprovalNeed need = Need(Pay, Call("""{"amount":101,"to":"c"}"""));

        Assert.Equal(DecisionCode.ApprovalRequired, need.Verdict.Code);
        Assert.Equal("/tools/pay/approve_if/0", need.Verdict.Rule);
        Assert.Equal("[POLICY DENIED] Large payments wait.", need.Verdict.Message);
        Assert.Equal(["/tools/pay/approve_if/0", "/tools/pay/approve_if/1"], ApprovalNeeds.RulesOf(need));
        Assert.Null(need.Uncounted);
    }

    [Fact]
    public void A_rule_that_says_nothing_says_what_the_entry_does_and_keeps_its_name()
    {
        ApprovalNeed need = Need(Pay, Call("""{"amount":1,"to":"c"}"""));

        Assert.Equal("[POLICY DENIED] Ask the treasurer.", need.Verdict.Message);
        Assert.Equal("new payee", need.Verdict.RuleName);
    }

    [Fact]
    public void A_call_that_no_rule_asks_for_needs_nobody()
    {
        Evaluation evaluation = ApprovalNeeds.Judge(Policy.Parse(Pay), Call("""{"amount":1,"to":"a"}"""));

        Assert.Equal(DecisionCode.Allowed, evaluation.Verdict.Code);
        Assert.Null(evaluation.Approval);
    }

    [Fact]
    public void The_entrys_own_verdict_stays_where_it_is()
    {
        Policy policy = Policy.Parse(Pay);

        Assert.Same(policy.Tree.Find("pay").Verdict, ApprovalNeeds.Judge(policy, Call("""{"amount":101,"to":"c"}""")).Verdict);
    }

    [Fact]
    public void A_person_sees_the_call_who_makes_it_what_asks_and_the_facts_that_were_read()
    {
        Policy policy = Policy.Parse(Pay);
        ToolCall call = Call("""{ "to":"c","amount":1.01e2 , "note":"\u00e9\u2028" }""") with
        {
            Server = "bank\"1",
            SessionId = "s",
            SessionSource = SessionSource.Claim,
        };

        Assert.Equal(
            "{\"v\":1,\"server\":\"bank\\\"1\",\"session\":\"s\",\"session_source\":\"claim\",\"tool\":\"pay\",\"risk\":\"financial\","
            + $"\"policy\":\"bank\",\"revision\":\"{policy.Revision}\",\"rule\":\"/tools/pay/approve_if/0\","
            + "\"rules\":[\"/tools/pay/approve_if/0\",\"/tools/pay/approve_if/1\"],\"reason\":\"Large payments wait.\","
            + "\"arguments\":{\"amount\":101,\"note\":\"é\u2028\",\"to\":\"c\"},"
            + "\"context\":{\"context.region\":\"EU\",\"context.known.pay ees\":[\"a\",\"b\"],\"context.risks\":[]}}",
            ApprovalNeeds.Text(ApprovalNeeds.Of(policy, call)!));
    }

    [Fact]
    public void What_there_is_not_is_left_out()
    {
        Policy policy = Policy.Parse("""{"version":"1","default":"deny","tools":{"t":{"action":"require_approval"}}}""");

        Assert.Equal(
            $"{{\"v\":1,\"tool\":\"t\",\"policy\":\"default\",\"revision\":\"{policy.Revision}\",\"rule\":\"/tools/t/action\","
            + "\"rules\":[\"/tools/t/action\"],\"reason\":\"The call needs the approval of a person.\",\"arguments\":{}}",
            ApprovalNeeds.Text(ApprovalNeeds.Of(policy, new ToolCall("t") { GrantId = "g", SessionId = "" })!));
    }

    [Fact]
    public void Members_can_be_added_to_what_a_person_sees()
    {
        ApprovalNeed need = Need(Pay, Call("""{"amount":101,"to":"c"}"""));

        Assert.Equal(
            ApprovalNeeds.Text(need)[..^1] + ",\"label\":\"x\",\"counters\":[]}",
            Encoding.UTF8.GetString(need.ContentWith(",\"label\":\"x\",\"counters\":[]"u8)));
        Assert.Equal(need.Content, need.ContentWith([]));
    }

    [Fact]
    public void What_is_bound_is_a_text_in_which_everything_has_its_place()
    {
        Policy policy = Policy.Parse(Pay);
        ToolCall call = Call("""{"to":"c","amount":101}""") with { Server = "s\"1", SessionId = "z" };
        string text = $"[1,\"bank\",\"{policy.Revision}\",\"s\\\"1\",\"g\",\"z\",\"host\",\"pay\","
            + "[\"/tools/pay/approve_if/0\",\"/tools/pay/approve_if/1\"],{\"amount\":101,\"to\":\"c\"},"
            + "[\"context.region\",1,\"EU\"],[\"context.known.pay ees\",1,[\"a\",\"b\"]],[\"context.risks\",1,[]]]";

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))), ApprovalNeeds.Of(policy, call)!.Binding);
    }

    [Fact]
    public void With_keys_it_is_bound_under_a_key_of_its_own()
    {
        var keys = new PolicyLayerKeys("a", new Dictionary<string, byte[]> { ["a"] = new byte[32] });
        Policy policy = Policy.Parse("""{"version":"1","default":"deny","tools":{"t":{"action":"require_approval"}}}""");
        string text = $"[1,\"default\",\"{policy.Revision}\",null,\"g\",null,null,\"t\",[\"/tools/t/action\"],{{}}]";
        byte[] key = HKDF.DeriveKey(HashAlgorithmName.SHA256, new byte[32], 32, info: "policylayer approval binding v1"u8.ToArray());

        Assert.Equal(
            Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text))),
            ApprovalNeeds.Of(policy, new ToolCall("t") { GrantId = "g" }, keys: keys)!.Binding);
    }

    [Theory]
    [InlineData("\"increment_from\":\"args.n\"", DecisionCode.IncrementInvalid)]
    [InlineData("\"per\":\"args.n\"", DecisionCode.PartitionMissing)]
    [InlineData("\"scope\":\"session\"", DecisionCode.SessionMissing)]
    public void A_limit_that_can_not_be_counted_stands_against_the_call_after_the_approval(string member, DecisionCode code)
    {
        Evaluation evaluation = ApprovalNeeds.Judge(
            Policy.Parse($$"""
                {"version":"1","default":"deny","tools":{"t":{"action":"require_approval",
                "limits":[{"counter":"c","window":"hour","max":1,{{member}} }]} } }
                """),
            new ToolCall("t") { GrantId = "g" });

        Assert.Equal(DecisionCode.Allowed, evaluation.Verdict.Code);
        Assert.Equal("/tools/t/action", evaluation.Approval!.Verdict.Rule);
        Assert.Equal((code, "/tools/t/limits/0"), (evaluation.Approval.Uncounted!.Code, evaluation.Approval.Uncounted.Rule));
        Assert.Null(evaluation.Counting);
    }

    [Fact]
    public void Orders_are_still_to_be_looked_at_where_a_limit_can_not_be_counted()
    {
        Evaluation evaluation = ApprovalNeeds.Judge(
            Policy.Parse("""
                {"version":"1","default":"deny","tools":{"b":{},"t":{"action":"require_approval",
                "after":[{"tool":"b","within":"hour","scope":"grant"}],
                "limits":[{"counter":"c","window":"hour","max":1,"increment_from":"args.n"}]}}}
                """),
            new ToolCall("t") { GrantId = "g" });

        Assert.Equal(DecisionCode.IncrementInvalid, evaluation.Approval!.Uncounted!.Code);
        Assert.Equal(1, evaluation.Demands!.Counters.Length);
        Assert.Equal(CounterRequestMode.Look, evaluation.Demands.Mode);
    }

    [Fact]
    public void An_order_that_can_not_be_judged_denies_before_anybody_is_asked()
    {
        Evaluation evaluation = ApprovalNeeds.Judge(
            Policy.Parse("""
                {"version":"1","default":"deny","tools":{"b":{},"t":{"action":"require_approval",
                "after":[{"tool":"b","within":"hour","scope":"grant","same":"args.n"}]}}}
                """),
            new ToolCall("t") { GrantId = "g" });

        Assert.Equal((DecisionCode.OrderViolated, "/tools/t/after/0"), (evaluation.Verdict.Code, evaluation.Verdict.Rule));
        Assert.Null(evaluation.Approval);
    }

    [Fact]
    public void What_counters_are_asked_for_is_kept_for_the_charge()
    {
        Policy policy = Policy.Parse("""
            {"version":"1","default":"deny","tools":{"t":{"action":"require_approval",
            "limits":[{"counter":"c","window":"hour","max":9,"increment_from":"args.n"}]}}}
            """);

        Evaluation evaluation = ApprovalNeeds.Judge(policy, new ToolCall("t", """{"n":3}"""u8.ToArray()) { GrantId = "g" });

        Assert.Equal([3_000_000], evaluation.Demands!.Amounts);
        Assert.Same(policy.Tree.Find("t").Counting, evaluation.Counting);
    }

    [Fact]
    public void A_tool_that_leaves_marks_asks_as_before_and_what_they_go_by_is_bound()
    {
        Policy policy = Policy.Parse("""
            {"version":"1","default":"deny","tools":{
            "t":{"approve_if":[{"conditions":[{"path":"context.a","op":"eq","value":1}]}]},
            "u":{"not_after":[{"tool":"t","within":"hour","scope":"grant","same":"context.b"}]}}}
            """);
        ToolCall Call(string context) => new("t") { GrantId = "g", Context = ToolArguments.FromJson(context) };

        ApprovalNeed need = ApprovalNeeds.Of(policy, Call("""{"a":1,"b":2}"""))!;

        Assert.Contains("\"context\":{\"context.a\":1,\"context.b\":2}", ApprovalNeeds.Text(need), StringComparison.Ordinal);
        Assert.Null(ApprovalNeeds.Of(policy, Call("""{"a":2,"b":2}""")));
    }

    [Fact]
    public void Facts_that_lead_nowhere_are_not_shown_and_those_that_can_not_be_read_are_shown_whole()
    {
        ApprovalNeed need = Need(Pay, Call("""{"amount":101,"to":"c"}""", """{"region":"EU"}"""));
        Assert.EndsWith(",\"context\":{\"context.region\":\"EU\"}}", ApprovalNeeds.Text(need), StringComparison.Ordinal);

        need = Need(Pay, Call("""{"amount":101,"to":"c"}""", """{"region":"EU","Risks":[]}"""));
        Assert.EndsWith(
            ",\"context\":{\"context.region\":\"EU\",\"context.risks\":{\"Risks\":[],\"region\":\"EU\"}}}",
            ApprovalNeeds.Text(need),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Less_work_than_binding_takes_denies()
    {
        Policy policy = Policy.Parse("""{"version":"1","default":"deny","tools":{"t":{"action":"require_approval"}}}""");
        ToolCall call = new("t", Encoding.UTF8.GetBytes($"{{\"x\":\"{new string('x', 1_000)}\"}}")) { GrantId = "g" };

        Assert.NotNull(ApprovalNeeds.Judge(policy, call, maxWork: 50_000).Approval);
        for (int work = 1; work < 50_000; work += 97)
        {
            Evaluation evaluation = ApprovalNeeds.Judge(policy, call, maxWork: work);
            Assert.True(evaluation.Approval is not null || evaluation.Verdict.Code == DecisionCode.ArgumentsTooLarge);
            Assert.True(evaluation.Approval is null || evaluation.Approval.Binding == ApprovalNeeds.Of(policy, call)!.Binding);
        }
    }

    [Fact]
    public void A_server_whose_name_is_no_text_is_bound_by_nothing()
    {
        Evaluation evaluation = ApprovalNeeds.Judge(
            Policy.Parse("""{"version":"1","default":"deny","tools":{"t":{"action":"require_approval"}}}"""),
            new ToolCall("t") { GrantId = "g", Server = "\ud800" });

        Assert.Equal(DecisionCode.ArgumentsMalformed, evaluation.Verdict.Code);
        Assert.Null(evaluation.Approval);
    }

    private static ApprovalNeed Need(string policy, in ToolCall call) => ApprovalNeeds.Of(Policy.Parse(policy), call)!;

    private static ToolCall Call(string arguments, string context = Context) =>
        new("pay", Encoding.UTF8.GetBytes(arguments)) { GrantId = "g", Context = ToolArguments.FromJson(context) };
}
