using PolicyLayer.Approvals;
using PolicyLayer.Redis;
using StackExchange.Redis;

namespace PolicyLayer.Tests.Redis;

/// <summary>What an agent and a person in different processes see of each other.</summary>
public sealed class RedisApprovalEngineTests(RedisFixture redis) : IClassFixture<RedisFixture>
{
    private const string Document = """
        { "version": "1", "default": "deny", "tools": { "deploy": { "action": "require_approval" } } }
        """;

    [RedisFact]
    public async Task A_call_waits_for_an_answer_in_another_process_and_runs_once()
    {
        ToolCallAuthorizer authorizer = Authorizer(Open("engine:", redis.Connection));
        await using ConnectionMultiplexer connection = await redis.Server.ConnectAsync();
        var inbox = new ApprovalInbox(Open("engine:", connection));
        ToolCallDecision asked = await AskAsync(authorizer);
        Assert.Equal(DecisionCode.ApprovalRequired, asked.Code);

        ApprovalView pending = Assert.Single(await inbox.ListPendingAsync());
        Assert.Equal(
            (asked.ApprovalId, "deploy", """{"env":"prod"}"""), (pending.Id, pending.ToolName, pending.Arguments?.GetRawText()));
        Assert.Equal(ApprovalResolution.Done, await inbox.ApproveAsync(pending.Id, new Approver("alice"), "looks right"));

        ToolCallDecision allowed = await AskAsync(authorizer);
        Assert.Equal((DecisionCode.Allowed, asked.ApprovalId), (allowed.Code, allowed.ApprovalId));
        Assert.Equal(ApprovalStatus.Spent, (await inbox.FindAsync(pending.Id))!.Status);
        await authorizer.CompleteAsync(allowed, ToolCallOutcome.NotExecuted);
        Assert.Equal((true, asked.ApprovalId), await IdOfAllowedAsync(authorizer));
        ToolCallDecision next = await AskAsync(authorizer);
        Assert.Equal(DecisionCode.ApprovalRequired, next.Code);
        Assert.NotEqual(asked.ApprovalId, next.ApprovalId);

        await inbox.RefuseAsync(next.ApprovalId!, new Approver("bob"), "not on a friday");
        ToolCallDecision refused = await AskAsync(authorizer);
        Assert.Equal(DecisionCode.ApprovalDenied, refused.Code);
        Assert.Contains("not on a friday", refused.Message, StringComparison.Ordinal);
    }

    [RedisFact]
    public async Task A_store_that_is_away_denies()
    {
        ConnectionMultiplexer connection = await redis.Server.ConnectAsync();
        ToolCallAuthorizer authorizer = Authorizer(Open("gone:", connection));
        await connection.DisposeAsync();
        Assert.Equal(DecisionCode.ApprovalStoreUnavailable, (await AskAsync(authorizer)).Code);
    }

    private static async Task<(bool IsAllowed, string? Id)> IdOfAllowedAsync(ToolCallAuthorizer authorizer)
    {
        ToolCallDecision decision = await AskAsync(authorizer);
        return (decision.IsAllowed, decision.ApprovalId);
    }

    private static async Task<ToolCallDecision> AskAsync(ToolCallAuthorizer authorizer) =>
        await authorizer.AuthorizeAsync(new ToolCall("deploy", ToolArguments.FromJson("""{"env":"prod"}""")) { GrantId = "ci" });

    private static ToolCallAuthorizer Authorizer(RedisApprovalStore store) =>
        new(Policy.Parse(Document), new ToolCallAuthorizerOptions { Approvals = store, ApprovalTimeout = TimeSpan.FromMinutes(1) });

    private static RedisApprovalStore Open(string prefix, ConnectionMultiplexer connection) =>
        new(connection, RedisApprovalHarness.OptionsOf(prefix));
}
