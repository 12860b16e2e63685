using System.Text;
using System.Text.Json;
using PolicyLayer.Grants;

namespace PolicyLayer.Tests.Authorization;

/// <summary>The path of a decision allocates nothing once it is warm.</summary>
public sealed class AllocationTests
{
    private const string Policy = """
        { "version": "1", "default": "deny", "hide": ["secret"],
          "tools": { "free": {}, "blocked": { "action": "deny" }, "limited": { "rate_limit": { "max": 9007199254, "window": "day" } } } }
        """;

    private static readonly JsonElement Element = JsonDocument.Parse("""{"path":"/tmp/a","mode":"r","lines":10}""").RootElement;
    private static readonly Dictionary<string, JsonElement> Dictionary = Element.EnumerateObject().ToDictionary(p => p.Name, p => p.Value);
    private static readonly byte[] Utf8 = Encoding.UTF8.GetBytes("""{"path":"/tmp/a","mode":"r","lines":10}""");

    [Theory]
    [InlineData("free", DecisionCode.Allowed)]
    [InlineData("other", DecisionCode.NotListed)]
    [InlineData("blocked", DecisionCode.ActionDeny)]
    [InlineData("secret", DecisionCode.Hidden)]
    [InlineData("limited", DecisionCode.Allowed)]
    public void A_warm_decision_allocates_nothing(string tool, DecisionCode expected)
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(Policy, options =>
        {
            options.TimeProvider = TimeProvider.System;
            options.MaxOpenCalls = 1_024;
        });
        foreach (ToolArguments arguments in new ToolArguments[] { ToolArguments.None, Element, Utf8 })
        {
            var call = new ToolCall(tool, arguments);
            Assert.Equal(0, AllocatedBy(authorizer, call, expected));
            Assert.Equal(0, AllocatedBy(authorizer, call with { Inputs = Utf8 }, expected));
        }
    }

    [Theory]
    [InlineData("expiring", "free", DecisionCode.Allowed)]
    [InlineData("expiring", "limited", DecisionCode.Allowed)]
    [InlineData("expiring", "other", DecisionCode.NotListed)]
    [InlineData("revoked", "free", DecisionCode.GrantRevoked)]
    [InlineData("nobody", "free", DecisionCode.GrantUnknown)]
    public void A_warm_decision_on_a_grant_in_memory_allocates_nothing(string grantId, string tool, DecisionCode expected)
    {
        var authorizer = new ToolCallAuthorizer(PolicyLayer.Policy.Parse(Policy), new ToolCallAuthorizerOptions
        {
            Grants = new GrantDirectory([new Grant("expiring") { Expires = DateTimeOffset.MaxValue }, new Grant("revoked").Revoke()]),
            MaxOpenCalls = 1_024,
        });
        Assert.Equal(0, AllocatedBy(authorizer, new ToolCall(tool, Utf8) { GrantId = grantId }, expected));
    }

    [Theory]
    [InlineData("one string condition", """{ "require": [{ "conditions": [{ "path": "args.mode", "op": "eq", "value": "r" }] }] }""")]
    [InlineData("three conditions", """
        { "require": [{ "conditions": [
          { "path": "args.lines", "op": "lte", "value": 1000 },
          { "path": "args.mode", "op": "in", "value": ["r", "w"] },
          { "path": "args.mode", "op": "regex", "value": "^[a-z ]+$" }] }] }
        """)]
    [InlineData("a path", """{ "require": [{ "conditions": [{ "path": "args.path", "op": "within", "value": ["/a", "/tmp"] }] }] }""")]
    [InlineData("a command", """{ "require": [{ "conditions": [{ "path": "args.mode", "op": "command_in", "value": ["r ./*"] }] }] }""")]
    [InlineData("a path in itself", """
        { "require": [{ "conditions": [{ "path": "args.path", "op": "within", "value_from": "args.path" }] }] }
        """)]
    [InlineData("operands of the call", """
        { "require": [{ "conditions": [
          { "path": "args.lines", "op": "gte", "value_from": "args.lines" },
          { "path": "args.path", "op": "contains", "value_from": "args.path" },
          { "path": "args.cc[*]", "op": "in", "value_from": "args.staff", "optional": true }] }] }
        """)]
    [InlineData("any, tool and time", """
        { "require": [{ "any": [
          [{ "path": "args.mode", "op": "eq", "value": "w" }],
          [{ "path": "time.weekday", "op": "gte", "value": 1 }, { "path": "call.tool", "op": "contains", "value": "time" }]] }] }
        """)]
    [InlineData("a schema", """
        { "arguments": {
          "properties": { "path": { "format": "uri-reference" }, "mode": { "enum": ["r", "w"] }, "lines": { "type": "integer" } },
          "required": ["path", "mode"], "additionalProperties": false } }
        """)]
    [InlineData("three limits", """
        { "limits": [
          { "counter": "a", "window": "minute", "max": 9007199254, "algorithm": "sliding" },
          { "counter": "b", "window": "hour", "max": 9007199254, "scope": "session" },
          { "counter": "c", "window": "day", "max": 9007199254, "scope": "policy" }] }
        """)]
    [InlineData("weeks and months", """
        { "limits": [
          { "counter": "a", "window": "week", "max": 9007199254 },
          { "counter": "b", "window": "month", "max": 9007199254, "scope": "session" }] }
        """)]
    [InlineData("orders", """
        { "not_after": [{ "tool": "tool_1", "within": "hour" }, { "tool": "tool_2", "within": "day", "scope": "grant" }] }
        """)]
    public void A_warm_decision_of_each_kind_of_entry_allocates_nothing(string kind, string entry)
    {
        string tools = string.Concat(Enumerable.Range(0, 1_000).Select(i => $", \"tool_{i}\": {{}}"));
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(
            $$"""{ "version": "1", "default": "deny", "time_zone": "Europe/Vienna", "tools": { "{{kind}}": {{entry}}{{tools}} } }""",
            options => (options.TimeProvider, options.MaxOpenCalls) = (new StandingClock(), 1_024));
        foreach (ToolArguments arguments in new ToolArguments[] { Element, Utf8, ToolArguments.FromDictionary(Dictionary) })
        {
            Assert.Equal(0, AllocatedBy(authorizer, new ToolCall(kind, arguments) { SessionId = "s" }, DecisionCode.Allowed));
        }
    }

    [Theory]
    [InlineData("get_the_secret_value", DecisionCode.ActionDeny)]
    [InlineData("xx_drop_yy", DecisionCode.Hidden)]
    [InlineData("LISTED", DecisionCode.NotListed)]
    [InlineData("other", DecisionCode.Allowed)]
    public void A_tool_found_by_patterns_or_by_its_case_allocates_nothing(string tool, DecisionCode expected)
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer("""
            { "version": "1", "default": "allow", "hide": ["*_drop_*"],
              "tools": { "listed": {}, "get_*_secret_*": { "action": "deny" }, "*a*b*c*": {}, "g*": {} } }
            """);
        Assert.Equal(0, AllocatedBy(authorizer, new ToolCall(tool), expected));
    }

    [Fact]
    public void A_hundred_rules_allocate_nothing()
    {
        string rules = string.Join(", ", Enumerable.Range(0, 100).Select(i =>
            $$"""{ "conditions": [{ "path": "args.mode", "op": "eq", "value": "{{(i == 99 ? "r" : "m" + i)}}" }] }"""));
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(
            $$"""{ "version": "1", "default": "deny", "tools": { "t": { "deny_if": [{{rules}}] } } }""");
        Assert.Equal(0, AllocatedBy(authorizer, new ToolCall("t", Element), DecisionCode.DenyIfMatched));
    }

    [Fact]
    public void A_tool_that_leaves_marks_allocates_nothing()
    {
        // A larger table has parts for several processors, one of which may grow when the thread moves to another.
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(
            """
            { "version": "1", "default": "deny", "tools": { "t": {}, "u": {
                "after": [{ "tool": "t", "within": "hour" }],
                "not_after": [{ "tool": "t", "within": "day", "scope": "grant" }] } } }
            """,
            options => options.MaxOpenCalls = 1_024);
        Assert.Equal(0, AllocatedBy(authorizer, new ToolCall("t") { SessionId = "s" }, DecisionCode.Allowed));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_is_allocated_after_a_reload_either(bool hasGrants)
    {
        var authorizer = new ToolCallAuthorizer(PolicyLayer.Policy.Parse(Policy), new ToolCallAuthorizerOptions
        {
            Grants = hasGrants ? new GrantDirectory([]) : null,
            MaxOpenCalls = 1_024,
        });
        await authorizer.ReloadAsync(new PolicyBundle(
            [PolicyLayer.Policy.Parse(Policy.Replace("day", "hour", StringComparison.Ordinal))], hasGrants ? [new Grant("g")] : null));
        Assert.Equal(0, AllocatedBy(authorizer, new ToolCall("free", Utf8) { GrantId = "g" }, DecisionCode.Allowed));
        Assert.Equal(0, AllocatedBy(authorizer, new ToolCall("limited", Utf8) { GrantId = "g" }, DecisionCode.Allowed));
    }

    private static long AllocatedBy(ToolCallAuthorizer authorizer, ToolCall call, DecisionCode expected)
    {
        // Places for open calls are made when they are first used, so the table is gone through once.
        for (int i = 0; i < 20_000; i++)
        {
            Judge(authorizer, call, expected);
        }

        // What a decision allocates it allocates each time; what the runtime does as it puts compiled code in place comes once.
        return Enumerable.Range(0, 3).Min(_ =>
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 1_000; i++)
            {
                Judge(authorizer, call, expected);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        });
    }

    private static void Judge(ToolCallAuthorizer authorizer, ToolCall call, DecisionCode expected)
    {
        ValueTask<ToolCallDecision> decision = authorizer.AuthorizeAsync(call);
        if (!decision.IsCompletedSuccessfully || decision.Result.Code != expected)
        {
            Assert.Fail("The call was not judged as expected.");
        }
    }

    /// <summary>Time stands: a sliding window makes room for each sixtieth of it that it meets, so that it warms up all its time.</summary>
    private sealed class StandingClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    }
}
