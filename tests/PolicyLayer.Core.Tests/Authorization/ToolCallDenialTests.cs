using System.Buffers;
using System.Text;
using System.Text.Json;
using PolicyLayer.Approvals;

namespace PolicyLayer.Tests.Authorization;

/// <summary>The form in which protocols carry a denial.</summary>
public sealed class ToolCallDenialTests
{
    private const string Document = """
        { "version": "1", "default": "deny", "tools": {
          "limited": { "rate_limit": "1/minute" }, "asked": { "action": "require_approval" },
          "both": { "action": "require_approval",
            "limits": [{ "counter": "c", "window": "minute", "max": 5, "increment_from": "args.a" }] },
          "ruled": { "deny_if": [{ "conditions": [{ "path": "args.a", "op": "eq", "value": 9 }], "on_deny": "No \"a\"." }] } } }
        """;

    private readonly ToolCallAuthorizer _authorizer = TestPolicies.Authorizer(Document);

    [Fact]
    public async Task An_allow_is_none() => Assert.Null(ToolCallDenial.Of(await DecideAsync("limited")));

    [Fact]
    public async Task A_limit_tells_when_to_come_back()
    {
        await DecideAsync("limited");
        ToolCallDenial denial = ToolCallDenial.Of(await DecideAsync("limited"))!;
        Assert.Equal(
            """{"code":"limit_exceeded","rule":"/tools/limited/rate_limit","retryAfterMs":60000,"unlock":"wait"}""", Write(denial));
        Assert.StartsWith("[POLICY DENIED] ", denial.Message, StringComparison.Ordinal);
        Assert.Equal("limit_exceeded (/tools/limited/rate_limit)", denial.ToString());
    }

    [Fact]
    public async Task A_person_who_is_asked_unlocks_it_and_one_who_refused_does_after_a_time()
    {
        ToolCallDecision asked = await DecideAsync("asked");
        Assert.Equal(
            $$"""{"code":"approval_required","rule":"/tools/asked/action","approvalId":"{{asked.ApprovalId}}","unlock":"approval"}""",
            Write(ToolCallDenial.Of(asked)!));
        await _authorizer.Approvals.RefuseAsync(asked.ApprovalId!, new Approver("bob"));
        Assert.Equal(
            """{"code":"approval_denied","rule":"/tools/asked/action","retryAfterMs":600000,"approvalId":"ID","unlock":"wait"}"""
                .Replace("ID", asked.ApprovalId, StringComparison.Ordinal),
            Write(ToolCallDenial.Of(await DecideAsync("asked"))!));
    }

    [Theory]
    [InlineData("both", """{"code":"approval_required","rule":"/tools/both/action"}""")]
    [InlineData("unknown", """{"code":"not_listed","rule":"/default"}""")]
    [InlineData("ruled", """{"code":"deny_if_matched","rule":"/tools/ruled/deny_if/0"}""")]
    public async Task Where_nothing_is_known_to_unlock_it_nothing_is_said(string tool, string expected) =>
        Assert.Equal(expected, Write(ToolCallDenial.Of(await DecideAsync(tool))!));

    [Fact]
    public void A_default_decision_is_denied_too() =>
        Assert.Equal("""{"code":"internal_error"}""", Write(ToolCallDenial.Of(default)!));

    private async Task<ToolCallDecision> DecideAsync(string tool) =>
        await _authorizer.AuthorizeAsync(new ToolCall(tool, ToolArguments.FromJson("""{"a":9}""")));

    private static string Write(ToolCallDenial denial)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            denial.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
