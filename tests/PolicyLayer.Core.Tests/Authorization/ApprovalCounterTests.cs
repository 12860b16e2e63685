using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using PolicyLayer.Approvals;
using PolicyLayer.Counters;
using PolicyLayer.Grants;

namespace PolicyLayer.Tests.Authorization;

/// <summary>A person who approves sees what the counters of the call's limits stand at.</summary>
public sealed class ApprovalCounterTests
{
    private const string Document = """
        { "version": "1", "default": "deny",
          "all_tools": { "limits": [{ "counter": "all", "window": "day", "max": 100 }] },
          "tools": {
            "before": {},
            "pay": { "action": "require_approval",
              "after": [{ "tool": "before", "within": "hour", "scope": "grant" }],
              "rate_limit": "5/minute",
              "limits": [{ "counter": "p\u00e4id", "window": "day", "max": 20000.5, "increment_from": "args.amount" },
                { "counter": "all", "window": "day", "max": 10 }] } } }
        """;

    private readonly FakeTimeProvider _clock = TestPolicies.ClockAt("2026-01-01T00:00:00Z");

    [Fact]
    public async Task The_limits_of_a_call_are_shown_in_the_order_in_which_it_meets_them_with_exact_numbers()
    {
        ToolCallAuthorizer authorizer = Authorizer();
        await BeforeAsync(authorizer);
        await PaidAsync(authorizer, "1000.000001");

        ToolCallDecision asked = await PayAsync(authorizer, "0.1");

        ApprovalView view = (await authorizer.Approvals.FindAsync(asked.ApprovalId!))!;
        Assert.Equal(
            [
                new ApprovalCounter("/all_tools/limits/0", "all", 2, 1, 100),
                new ApprovalCounter("/tools/pay/limits/0", "p\u00e4id", 1000.000001m, 0.1m, 20000.5m),
                new ApprovalCounter("/tools/pay/limits/1", "all", 2, 1, 10),
                new ApprovalCounter("/tools/pay/rate_limit", "pay_rate", 1, 1, 5),
            ],
            view.Counters);
    }

    [Fact]
    public async Task They_stand_in_the_content_as_decimals()
    {
        var store = new StubApprovals();
        ToolCallAuthorizer authorizer = Authorizer(options => options.Approvals = store);
        await BeforeAsync(authorizer);
        await PayAsync(authorizer, "1.50");

        Assert.EndsWith(
            ",\"counters\":[{\"rule\":\"/all_tools/limits/0\",\"name\":\"all\",\"used\":1,\"amount\":1,\"max\":100},"
            + "{\"rule\":\"/tools/pay/limits/0\",\"name\":\"p\u00e4id\",\"used\":0,\"amount\":1.5,\"max\":20000.5},"
            + "{\"rule\":\"/tools/pay/limits/1\",\"name\":\"all\",\"used\":1,\"amount\":1,\"max\":10},"
            + "{\"rule\":\"/tools/pay/rate_limit\",\"name\":\"pay_rate\",\"used\":0,\"amount\":1,\"max\":5}]}",
            ContentOf(store),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_counters_hold_is_no_part_of_what_is_approved()
    {
        ToolCallAuthorizer authorizer = Authorizer();
        await BeforeAsync(authorizer);
        ToolCallDecision asked = await PayAsync(authorizer, "1");
        await PaidAsync(authorizer, "2");

        Assert.Equal(asked.ApprovalId, (await PayAsync(authorizer, "1")).ApprovalId);
        await authorizer.Approvals.ApproveAsync(asked.ApprovalId!, new Approver("alice"));
        Assert.True((await PayAsync(authorizer, "1")).IsAllowed);
    }

    [Theory]
    [InlineData("""{"version":"1","default":"deny","tools":{"pay":{"action":"require_approval"}}}""")]
    [InlineData("""
        {"version":"1","default":"deny","tools":{
        "u":{},"pay":{"action":"require_approval","not_after":[{"tool":"u","within":"hour","scope":"grant"}]}}}
        """)]
    [InlineData("""
        {"version":"1","default":"deny","tools":{
        "u":{"not_after":[{"tool":"pay","within":"hour","scope":"grant"}]},"pay":{"action":"require_approval"}}}
        """)]
    public async Task Where_no_limit_is_asked_there_is_no_member(string document)
    {
        var store = new StubApprovals();
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(document, options => options.Approvals = store);
        await PayAsync(authorizer, "1");

        Assert.False(JsonElement.Parse(ContentOf(store)).TryGetProperty("counters", out _));
        Assert.Empty(Assert.Single(await authorizer.Approvals.ListPendingAsync()).Counters);
    }

    /// <summary>A zero that nobody said would be taken for what the counter holds.</summary>
    [Fact]
    public async Task What_the_counter_store_does_not_say_is_not_shown()
    {
        var store = new StubApprovals();
        ToolCallAuthorizer authorizer = Authorizer(options =>
        {
            options.Approvals = store;
            options.Counters = new StubStore { Reserve = _ => new(CounterReservation.Admitted()) };
        });
        await PayAsync(authorizer, "1");

        Assert.False(JsonElement.Parse(ContentOf(store)).TryGetProperty("counters", out _));
    }

    [Fact]
    public async Task They_stand_beside_the_grant_s_label()
    {
        var store = new StubApprovals();
        Policy policy = Policy.Parse("""
            {"version":"1","default":"deny","tools":{"pay":{"action":"require_approval","rate_limit":"5/minute"}}}
            """);
        var grants = new GrantDirectory([new Grant("ci") { Label = "Build", PolicyName = policy.Name }]);
        var authorizer = new ToolCallAuthorizer(
            [policy], new ToolCallAuthorizerOptions { Approvals = store, Grants = grants, TimeProvider = _clock });

        Assert.Equal(
            DecisionCode.ApprovalRequired, (await authorizer.AuthorizeAsync(new ToolCall("pay") { GrantId = "ci" })).Code);
        Assert.EndsWith(
            ",\"label\":\"Build\",\"counters\":[{\"rule\":\"/tools/pay/rate_limit\","
            + "\"name\":\"pay_rate\",\"used\":0,\"amount\":1,\"max\":5}]}",
            ContentOf(store),
            StringComparison.Ordinal);
    }

    private static string ContentOf(StubApprovals store) => Encoding.UTF8.GetString(store.LastRequest!.Content.Span);

    private static ValueTask<ToolCallDecision> PayAsync(ToolCallAuthorizer authorizer, string amount) =>
        authorizer.AuthorizeAsync(new ToolCall("pay", ToolArguments.FromJson($$"""{"amount":{{amount}}}""")));

    private static async Task BeforeAsync(ToolCallAuthorizer authorizer)
    {
        ToolCallDecision before = await authorizer.AuthorizeAsync(new ToolCall("before"));
        await authorizer.CompleteAsync(before, ToolCallOutcome.Succeeded);
    }

    private static async Task PaidAsync(ToolCallAuthorizer authorizer, string amount)
    {
        ToolCallDecision asked = await PayAsync(authorizer, amount);
        await authorizer.Approvals.ApproveAsync(asked.ApprovalId!, new Approver("alice"));
        Assert.True((await PayAsync(authorizer, amount)).IsAllowed);
    }

    private ToolCallAuthorizer Authorizer(Action<ToolCallAuthorizerOptions>? configure = null) =>
        TestPolicies.Authorizer(Document, options =>
        {
            options.TimeProvider = _clock;
            configure?.Invoke(options);
        });
}
