using PolicyLayer.Approvals;
using PolicyLayer.Auditing;
using PolicyLayer.Counters;
using PolicyLayer.Grants;
using PolicyLayer.Telemetry;

namespace PolicyLayer.Tests.Authorization;

/// <summary>What an explanation tells, step by step, and that it leaves everything as it was.</summary>
public sealed class ExplanationTests
{
    private const string Pay = """
        { "version": "1", "default": "deny",
          "all_tools": { "deny_if": [{ "conditions": [{ "path": "args.dry", "op": "eq", "value": "x" }] }] },
          "tools": { "pay": {
            "arguments": { "type": "object", "required": ["amount"] },
            "require": [
              { "conditions": [
                  { "path": "args.amount", "op": "lte", "value": 100 }, { "path": "args.to", "op": "exists", "value": true }],
                "any": [
                  [{ "path": "args.currency", "op": "eq", "value": "EUR" }], [{ "path": "args.note", "op": "regex", "value": "^ok" }]] }
            ],
            "limits": [{ "counter": "paid", "window": "day", "max": 250.5, "increment_from": "args.amount" }] } } }
        """;

    [Fact]
    public async Task Each_step_and_condition_is_told_also_behind_the_one_that_decides()
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(Pay);
        ToolCallExplanation explanation = await authorizer.ExplainAsync(
            new ToolCall("pay", ToolArguments.FromJson("""{"amount":250,"currency":7,"dry":1}""")));

        Assert.Equal((DecisionOutcome.Deny, DecisionCode.RequireFailed), (explanation.Outcome, explanation.Code));
        Assert.Equal(
            [
                "1 True ", "2 True ", "4 /tools/pay True ", "6 /tools/pay/arguments True ", "7 /tools/pay/require/0 False require_failed",
                "8 /all_tools/deny_if/0 Unjudgeable deny_if_matched", "11 /tools/pay/limits/0 True ",
            ],
            explanation.Steps.Select(Text));
        Assert.Equal(
            [
                "conditions/0 args.amount lte False ", "conditions/1 args.to exists False `args.to` is missing.",
                "any/0/0 args.currency eq Unjudgeable `args.currency` must be a string.",
                "any/1/0 args.note regex False `args.note` is missing.",
            ],
            explanation.Steps[4].Conditions.Select(each =>
                $"{each.Rule["/tools/pay/require/0/".Length..]} {each.Path} {each.Operator} {each.Result} {each.Why}"));
        Assert.Equal(explanation.Message, "[POLICY DENIED] " + explanation.Steps[4].Why);
        ExplainedLimit limit = Assert.Single(explanation.Limits);
        Assert.Equal(("/tools/pay/limits/0", "paid", 0m, 250.5m), (limit.Rule, limit.Counter, limit.Used, limit.Max));
        Assert.False(explanation.IsCut);
        Assert.Null(explanation.Approval);
    }

    [Fact]
    public async Task It_spends_nothing_and_says_what_is_used()
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(Pay);
        var call = new ToolCall("pay", ToolArguments.FromJson("""{"amount":100,"to":"a","currency":"EUR"}"""));
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(DecisionCode.Allowed, (await authorizer.ExplainAsync(call)).Code);
        }

        Assert.True((await authorizer.AuthorizeAsync(call)).IsAllowed);
        Assert.True((await authorizer.AuthorizeAsync(call)).IsAllowed);
        ToolCallExplanation explanation = await authorizer.ExplainAsync(call);
        Assert.Equal((DecisionCode.LimitExceeded, "/tools/pay/limits/0"), (explanation.Code, explanation.Rule));
        Assert.Equal(TimeSpan.FromDays(1), explanation.RetryAfter);
        Assert.Equal("11 /tools/pay/limits/0 False limit_exceeded", Text(explanation.Steps[^1]));
        Assert.Equal("The limit `paid` of 250.5 per day has 50.5 left, less than the call asks for.", explanation.Steps[^1].Why);
        Assert.Equal(200m, Assert.Single(explanation.Limits).Used);
    }

    [Fact]
    public async Task What_never_fits_is_told_in_the_words_of_the_decision()
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer("""
            { "version": "1", "default": "deny", "tools": { "pay": {
              "limits": [{ "counter": "paid", "window": "day", "max": 250.5, "increment_from": "args.amount" }] } } }
            """);
        var call = new ToolCall("pay", ToolArguments.FromJson("""{"amount":251}"""));
        ToolCallExplanation explanation = await authorizer.ExplainAsync(call);
        Assert.Equal(
            "The call asks for more than 250.5 at once, which the limit `paid` of 250.5 per day never allows.", explanation.Steps[^1].Why);
        Assert.Equal("[POLICY DENIED] " + explanation.Steps[^1].Why, (await authorizer.AuthorizeAsync(call)).Message);
    }

    [Theory]
    [InlineData("secret_x", "3 /hide/0 False hidden")]
    [InlineData("other", "4 /default False not_listed")]
    [InlineData("never", "5 /tools/never/action False action_deny")]
    public async Task A_tool_that_no_rule_judges_is_told_of_up_to_there(string tool, string last)
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer("""
            { "version": "1", "default": "deny", "hide": ["secret_*"],
              "all_tools": { "require": [{ "conditions": [{ "path": "args.x", "op": "eq", "value": 1 }] }] },
              "tools": { "never": { "action": "deny" }, "empty": {} } }
            """);
        ToolCallExplanation explanation = await authorizer.ExplainAsync(new ToolCall(tool, ToolArguments.None));
        Assert.Equal(last, Text(explanation.Steps[^1]));
        Assert.Equal(explanation.Code.ToWireString(), last.Split(' ')[^1]);
        Assert.All(explanation.Steps.SkipLast(1), step => Assert.Null(step.Code));
    }

    [Theory]
    [InlineData("own_*", "own_1", "/tools/own_*")]
    [InlineData("a", "b", "/default")]
    [InlineData("a", "nothing", "/tools")]
    public async Task What_listed_a_tool_is_told(string key, string tool, string place)
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(
            $$"""{ "version": "1", "default": "allow", "tools": { "{{key}}": { "rate_limit": "9/day" }, "nothing": {} } }""");
        ToolCallExplanation explanation = await authorizer.ExplainAsync(new ToolCall(tool, ToolArguments.None));
        Assert.Equal(["1 True ", "2 True ", $"4 {place} True "], explanation.Steps.Take(3).Select(Text));
    }

    [Theory]
    [InlineData("""{"a":1,"a":2}""", DecisionCode.ArgumentsMalformed)]
    [InlineData("[]", DecisionCode.ArgumentsMalformed)]
    public async Task A_call_that_is_not_well_formed_is_told_of_up_to_there(string arguments, DecisionCode code)
    {
        ToolCallExplanation explanation = await TestPolicies.Authorizer(Pay).ExplainAsync(
            new ToolCall("pay", ToolArguments.FromJson(arguments)));
        Assert.Equal(["1 True ", "2 False " + code.ToWireString()], explanation.Steps.Select(Text));
    }

    [Fact]
    public async Task A_grant_that_is_not_in_force_is_all_that_is_told()
    {
        var grants = new GrantDirectory([new Grant("old") { IsRevoked = true }]);
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(Pay, options =>
        {
            options.Grants = grants;
            options.DefaultGrantId = null;
        });
        foreach ((string? grant, string code) in new[] { ("old", "grant_revoked"), ("nobody", "grant_unknown"), (null, "grant_unknown") })
        {
            var call = new ToolCall("pay", ToolArguments.None);
            ToolCallExplanation explanation = await authorizer.ExplainAsync(grant is null ? call : call with { GrantId = grant });
            Assert.Equal(["1 False " + code], explanation.Steps.Select(Text));
        }
    }

    [Fact]
    public async Task Nobody_is_asked_and_what_an_approval_covers_is_told()
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer("""
            { "version": "1", "default": "deny", "tools": { "deploy": {
              "action": "require_approval",
              "approve_if": [{ "conditions": [{ "path": "args.to", "op": "eq", "value": "prod" }] }],
              "approval": { "same": ["args.to"], "uses": 3, "for": "hour" },
              "rate_limit": "5/minute" } } }
            """);
        var call = new ToolCall("deploy", ToolArguments.FromJson("""{"to":"test","n":1}"""));
        ToolCallExplanation before = await authorizer.ExplainAsync(call);
        Assert.Equal((DecisionOutcome.ApprovalRequired, "/tools/deploy/action"), (before.Outcome, before.Rule));
        Assert.Equal(
            [
                "1 True ", "2 True ", "4 /tools/deploy True ", "10 /tools/deploy/approve_if/0 False ",
                "10 /tools/deploy/action False approval_required", "11 /tools/deploy/rate_limit True ",
            ],
            before.Steps.Select(Text));
        ExplainedApproval cover = before.Approval!;
        Assert.Equal((3, TimeSpan.FromHours(1), null), (cover.Uses, cover.ValidFor, cover.Id));
        Assert.Equal("/tools/deploy/action", Assert.Single(cover.Rules));
        Assert.Equal("args.to", Assert.Single(cover.Same));
        Assert.Empty(await authorizer.Approvals.ListPendingAsync());

        string id = (await authorizer.AuthorizeAsync(call)).ApprovalId!;
        Assert.Equal(id, (await authorizer.ExplainAsync(call)).Approval!.Id);
        await authorizer.Approvals.ApproveAsync(id, new Approver("ann"));
        ToolCallExplanation approved = await authorizer.ExplainAsync(call);
        Assert.Equal((DecisionCode.Allowed, id), (approved.Code, approved.Approval!.Id));
        Assert.All(approved.Steps, step => Assert.Null(step.Code));
        Assert.True((await authorizer.AuthorizeAsync(call)).IsAllowed);
    }

    [Fact]
    public async Task An_order_comes_before_approval_and_a_limit_behind_it()
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer("""
            { "version": "1", "default": "deny", "tools": { "build": {}, "deploy": {
              "action": "require_approval", "after": [{ "tool": "build", "within": "hour" }], "rate_limit": "1/minute" } } }
            """);
        var call = new ToolCall("deploy", ToolArguments.None) { SessionId = "s" };
        ToolCallExplanation explanation = await authorizer.ExplainAsync(call);
        Assert.Equal(
            [
                "9 /tools/deploy/after/0 False order_violated", "10 /tools/deploy/action False approval_required",
                "11 /tools/deploy/rate_limit True ",
            ],
            explanation.Steps.Skip(3).Select(Text));
        Assert.Null(Explanations.Difference(explanation, await authorizer.AuthorizeAsync(call)));
    }

    [Fact]
    public async Task A_store_that_breaks_is_told_of_as_a_decision_would_be()
    {
        var store = new StubStore { Reserve = _ => throw new InvalidOperationException("broken") };
        var faults = new List<Fault>();
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(Pay, options =>
        {
            options.Counters = store;
            options.FaultListener = new FaultList(faults);
        });
        ToolCallExplanation explanation = await authorizer.ExplainAsync(
            new ToolCall("pay", ToolArguments.FromJson("""{"amount":1,"to":"a","currency":"EUR"}""")));
        Assert.Equal("11 /tools/pay/limits/0 False counter_store_unavailable", Text(explanation.Steps[^1]));
        Assert.Empty(explanation.Limits);
        Assert.Equal(FaultKind.CounterReserve, Assert.Single(faults).Kind);

        store.Reserve = _ => new(CounterReservation.Refused([0], null));
        Assert.Equal(DecisionCode.LimitExceeded, (await authorizer.ExplainAsync(
            new ToolCall("pay", ToolArguments.FromJson("""{"amount":1,"to":"a","currency":"EUR"}""")))).Code);
        store.Reserve = _ => new(CounterReservation.AtCapacity());
        Assert.Equal("11 /tools/pay/limits/0 False counter_capacity", Text((await authorizer.ExplainAsync(
            new ToolCall("pay", ToolArguments.FromJson("""{"amount":1,"to":"a","currency":"EUR"}""")))).Steps[^1]));
        Assert.Equal(0, store.Released);
    }

    [Fact]
    public async Task Nothing_is_recorded_or_notified()
    {
        var sink = new InMemoryAuditSink();
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(Pay, options => options.AuditSinks.Add(sink));
        await authorizer.ExplainAsync(new ToolCall("pay", ToolArguments.None));
        Assert.Empty(sink.Records);
    }

    [Fact]
    public async Task What_takes_too_much_work_cuts_the_explanation_and_not_the_verdict()
    {
        // Each rule takes some thousand steps; the first decides.
        string rules = string.Join(',', Enumerable.Range(0, 100).Select(i =>
            $$"""{ "conditions": [{ "path": "args.list[*]", "op": "eq", "value": "v{{i}}" }] }"""));
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(
            $$"""{ "version": "1", "default": "deny", "tools": { "t": { "require": [{{rules}}] } } }""",
            options => options.MaxWork = 60_000);
        string list = string.Join(',', Enumerable.Repeat("\"v0\"", 1_000));
        var call = new ToolCall("t", ToolArguments.FromJson($$"""{"list":[{{list}}]}"""));
        ToolCallExplanation explanation = await authorizer.ExplainAsync(call);
        Assert.True(explanation.IsCut);
        Assert.InRange(explanation.Steps.Count, 5, 60);
        Assert.Null(Explanations.Difference(explanation, await authorizer.AuthorizeAsync(call)));
    }

    [Fact]
    public async Task Of_a_rule_that_takes_more_work_than_a_call_may_nothing_is_said()
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(
            """
            { "version": "1", "default": "deny", "tools": { "t": { "require": [
              { "conditions": [{ "path": "args.a", "op": "eq", "value": 1 }] },
              { "conditions": [{ "path": "args.list[*]", "op": "eq", "value": "v" }] }] } } }
            """,
            options => options.MaxWork = 12_000);
        string list = string.Join(',', Enumerable.Repeat("\"v\"", 1_000));
        var call = new ToolCall("t", ToolArguments.FromJson($$"""{"list":[{{list}}]}"""));
        ToolCallExplanation explanation = await authorizer.ExplainAsync(call);
        Assert.Equal((DecisionCode.RequireFailed, true), (explanation.Code, explanation.IsCut));
        Assert.Equal("7 /tools/t/require/0 False require_failed", Text(explanation.Steps[^1]));
    }

    [Theory]
    [InlineData("""{ "conditions": [{ "path": "args.a", "op": "exists", "value": true }] }""", "1", "deny_if_matched /tools/t/deny_if/1")]
    [InlineData("""{ "conditions": [{ "path": "args.z", "op": "eq", "value": 1 }] }""", "0", "approval_required /tools/t/approve_if/0")]
    public async Task The_step_that_decides_is_told_though_others_took_all_work(string rule, string max, string decides)
    {
        // The decision stops at the first condition of the first rule; an explanation looks at all of them.
        string costly = string.Concat(Enumerable.Repeat(""", { "path": "args.list[*]", "op": "eq", "value": "w" }""", 60));
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(
            $$"""
            { "version": "1", "default": "deny", "tools": { "t": {
              "deny_if": [{ "conditions": [{ "path": "args.z", "op": "eq", "value": 1 } {{costly}}] }, {{rule}}],
              "approve_if": [{ "conditions": [{ "path": "args.a", "op": "exists", "value": true }] }],
              "limits": [{ "counter": "c", "window": "day", "max": {{max}} }] } } }
            """,
            options => options.MaxWork = 30_000);
        string list = string.Join(',', Enumerable.Repeat("\"v\"", 300));
        var call = new ToolCall("t", ToolArguments.FromJson($$"""{"a":1,"list":[{{list}}]}"""));
        ToolCallExplanation explanation = await authorizer.ExplainAsync(call);
        Assert.True(explanation.IsCut);
        Assert.Equal(decides, $"{explanation.Code.ToWireString()} {explanation.Rule}");
        Assert.Null(Explanations.Difference(explanation, await authorizer.AuthorizeAsync(call)));
    }

    [Fact]
    public async Task A_refusal_is_told_in_its_own_words()
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(
            """{ "version": "1", "default": "deny", "tools": { "t": { "action": "require_approval" } } }""");
        var call = new ToolCall("t", ToolArguments.None);
        await authorizer.Approvals.RefuseAsync((await authorizer.AuthorizeAsync(call)).ApprovalId!, new Approver("ann"), "not today");
        ToolCallExplanation explanation = await authorizer.ExplainAsync(call);
        Assert.Equal("10 /tools/t/action False approval_denied", Text(explanation.Steps[^1]));
        Assert.Equal("A person refused the call: not today", explanation.Steps[^1].Why);
    }

    [Fact]
    public async Task A_rule_that_would_ask_a_person_says_so_behind_one_that_denies()
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer("""
            { "version": "1", "default": "deny", "tools": { "t": { "action": "require_approval",
              "require": [{ "conditions": [{ "path": "args.a", "op": "eq", "value": 1 }] }] } } }
            """);
        ToolCallExplanation explanation = await authorizer.ExplainAsync(new ToolCall("t", ToolArguments.None));
        Assert.Equal(
            ["7 /tools/t/require/0 False require_failed", "10 /tools/t/action False approval_required"],
            explanation.Steps.Skip(3).Select(Text));
        Assert.Null(explanation.Approval);
    }

    [Fact]
    public async Task What_is_wrong_with_the_host_is_an_exception_as_for_a_decision()
    {
        var authorizer = new ToolCallAuthorizer(Policy.Parse(Pay));
        var call = new ToolCall("pay", ToolArguments.None);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await authorizer.ExplainAsync(call));
        await Assert.ThrowsAsync<ArgumentException>(async () => await authorizer.ExplainAsync(default));
        await Assert.ThrowsAsync<OperationCanceledException>(
            async () => await authorizer.ExplainAsync(call with { GrantId = "a" }, new CancellationToken(true)));
    }

    private static string Text(ExplainedStep step) =>
        $"{step.Step} {(step.Rule.Length == 0 ? "" : step.Rule + " ")}{step.Result} {step.Code?.ToWireString()}";
}
