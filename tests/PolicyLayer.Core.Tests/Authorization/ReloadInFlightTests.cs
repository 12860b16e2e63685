using PolicyLayer.Approvals;
using PolicyLayer.Counters;
using PolicyLayer.Grants;

namespace PolicyLayer.Tests.Authorization;

/// <summary>A call that is being judged when a reload comes ends under the revision that it began with.</summary>
public sealed class ReloadInFlightTests
{
    [Fact]
    public async Task A_call_that_waits_for_counters_keeps_its_revision_and_its_outcome_is_reported()
    {
        var answer = new TaskCompletionSource<CounterReservation>();
        var store = new StubStore { Reserve = _ => new(answer.Task) };
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(Document(1), options => options.Counters = store);
        Task<ToolCallDecision> call = authorizer.AuthorizeAsync(new ToolCall("counted")).AsTask();

        await authorizer.ReloadAsync(Bundle(2));
        Assert.False(call.IsCompleted);
        answer.SetResult(CounterReservation.Admitted());

        ToolCallDecision decision = await call;
        Assert.Equal((true, RevisionOf(1)), (decision.IsAllowed, decision.PolicyRevision));
        Assert.True(await authorizer.CompleteAsync(decision, ToolCallOutcome.NotExecuted));
        Assert.Equal(1, store.Released);
        Assert.Equal(RevisionOf(2), (await authorizer.AuthorizeAsync(new ToolCall("free"))).PolicyRevision);
    }

    [Fact]
    public async Task A_call_that_waits_for_its_grant_keeps_its_revision()
    {
        var grants = new LateGrants();
        var authorizer = new ToolCallAuthorizer(Policy.Parse(Document(1)), new ToolCallAuthorizerOptions { Grants = grants });
        Task<ToolCallDecision> call = authorizer.AuthorizeAsync(new ToolCall("free") { GrantId = "g" }).AsTask();

        await authorizer.ReloadAsync(Bundle(2));
        grants.Answer.SetResult(new Grant("g"));

        Assert.Equal(RevisionOf(1), (await call).PolicyRevision);
        Assert.Equal(RevisionOf(2), (await authorizer.AuthorizeAsync(new ToolCall("free") { GrantId = "g" })).PolicyRevision);
    }

    [Fact]
    public async Task A_call_that_waits_for_approvals_keeps_its_revision_and_another_revision_asks_again()
    {
        var late = new TaskCompletionSource();
        var approvals = new StubApprovals();
        var inner = new InMemoryApprovalStore();
        approvals.Ask = async (request, cancellationToken) =>
        {
            await late.Task;
            return await inner.AskAsync(request, cancellationToken);
        };
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(Document(1), options => options.Approvals = approvals);
        Task<ToolCallDecision> call = authorizer.AuthorizeAsync(new ToolCall("asking")).AsTask();

        await authorizer.ReloadAsync(Bundle(2));
        Assert.False(call.IsCompleted);
        late.SetResult();

        ToolCallDecision asked = await call;
        Assert.Equal((DecisionCode.ApprovalRequired, RevisionOf(1)), (asked.Code, asked.PolicyRevision));
        ToolCallDecision again = await authorizer.AuthorizeAsync(new ToolCall("asking"));
        Assert.Equal((DecisionCode.ApprovalRequired, RevisionOf(2)), (again.Code, again.PolicyRevision));
        Assert.NotEqual(asked.ApprovalId, again.ApprovalId);
    }

    [Fact]
    public async Task An_approval_is_for_the_revision_that_asked()
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(Document(1));
        ToolCallDecision asked = await authorizer.AuthorizeAsync(new ToolCall("asking"));
        Assert.Equal(ApprovalResolution.Done, await authorizer.Approvals.ApproveAsync(asked.ApprovalId!, new Approver("alice")));
        await authorizer.ReloadAsync(Bundle(2));
        Assert.Equal(DecisionCode.ApprovalRequired, (await authorizer.AuthorizeAsync(new ToolCall("asking"))).Code);
        await authorizer.ReloadAsync(Bundle(1));
        Assert.True((await authorizer.AuthorizeAsync(new ToolCall("asking"))).IsAllowed);
    }

    [Fact]
    public async Task A_success_that_is_reported_after_a_reload_leaves_its_mark()
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(Document(1));
        ToolCallDecision free = await authorizer.AuthorizeAsync(new ToolCall("free"));
        await authorizer.ReloadAsync(Bundle(2));
        Assert.Equal(DecisionCode.OrderViolated, (await authorizer.AuthorizeAsync(new ToolCall("later"))).Code);

        Assert.True(await authorizer.CompleteAsync(free, ToolCallOutcome.Succeeded));

        ToolCallDecision later = await authorizer.AuthorizeAsync(new ToolCall("later"));
        Assert.Equal((true, RevisionOf(2)), (later.IsAllowed, later.PolicyRevision));
    }

    private static string Document(int revision) => $$"""
        { "version": "1", "name": "p", "description": "{{revision}}", "default": "deny", "tools": {
            "free": {}, "counted": { "rate_limit": "5/minute" }, "asking": { "action": "require_approval" },
            "later": { "after": [{ "tool": "free", "within": "hour", "scope": "grant" }] } } }
        """;

    private static PolicyBundle Bundle(int revision) => new([Policy.Parse(Document(revision))]);

    private static string RevisionOf(int revision) => Policy.Parse(Document(revision)).Revision;

    private sealed class LateGrants : IGrantResolver
    {
        public TaskCompletionSource<Grant?> Answer { get; } = new();

        public ValueTask<Grant?> ResolveAsync(GrantRequest request, CancellationToken cancellationToken = default) => new(Answer.Task);
    }
}
