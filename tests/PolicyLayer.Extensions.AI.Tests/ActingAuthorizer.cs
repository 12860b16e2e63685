namespace PolicyLayer.Tests.AI;

/// <summary>Does something once a call has been judged, before the host hears of it.</summary>
internal class ActingAuthorizer(IToolCallAuthorizer inner, Action act) : IToolCallAuthorizer
{
    public async ValueTask<ToolCallDecision> AuthorizeAsync(ToolCall call, CancellationToken cancellationToken = default)
    {
        ToolCallDecision decision = await inner.AuthorizeAsync(call, cancellationToken);
        act();
        return decision;
    }

    public ValueTask<ToolCallExplanation> ExplainAsync(ToolCall call, CancellationToken cancellationToken = default) =>
        inner.ExplainAsync(call, cancellationToken);

    public ValueTask<ToolAvailability> DescribeAsync(
        string toolName, string? grantId = null, CancellationToken cancellationToken = default) =>
        inner.DescribeAsync(toolName, grantId, cancellationToken);

    public ValueTask<bool> CompleteAsync(
        ToolCallDecision decision, ToolCallOutcome outcome, CancellationToken cancellationToken = default) =>
        inner.CompleteAsync(decision, outcome, cancellationToken);
}

/// <summary>Has the host give up between the decision and the tool.</summary>
internal sealed class CancellingAuthorizer(IToolCallAuthorizer inner, CancellationTokenSource cancellation)
    : ActingAuthorizer(inner, cancellation.Cancel);
