using System.Collections.Concurrent;

namespace PolicyLayer.Tests.Proxy.Guarding;

/// <summary>Keeps what it was asked and told, and lets another one decide.</summary>
internal sealed class RecordingAuthorizer(IToolCallAuthorizer inner) : IToolCallAuthorizer
{
    public ConcurrentQueue<(ToolCall Call, ToolCallDecision Decision)> Judged { get; } = [];

    public ConcurrentQueue<(string DecisionId, ToolCallOutcome Outcome)> Reports { get; } = [];

    /// <summary>What every decision waits for.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>What it fails with; null for nothing.</summary>
    public Exception? Failure { get; set; }

    public async ValueTask<ToolCallDecision> AuthorizeAsync(ToolCall call, CancellationToken cancellationToken = default)
    {
        await Gate.WaitAsync(cancellationToken);
        ToolCallDecision decision = Failure is null ? await inner.AuthorizeAsync(call, cancellationToken) : throw Failure;
        Judged.Enqueue((call, decision));
        return decision;
    }

    public ValueTask<ToolCallExplanation> ExplainAsync(ToolCall call, CancellationToken cancellationToken = default) =>
        inner.ExplainAsync(call, cancellationToken);

    public ValueTask<ToolAvailability> DescribeAsync(
        string toolName, string? grantId = null, CancellationToken cancellationToken = default) =>
        Failure is null ? inner.DescribeAsync(toolName, grantId, cancellationToken) : throw Failure;

    public ValueTask<bool> CompleteAsync(
        ToolCallDecision decision, ToolCallOutcome outcome, CancellationToken cancellationToken = default)
    {
        Reports.Enqueue((decision.DecisionId, outcome));
        return inner.CompleteAsync(decision, outcome, cancellationToken);
    }
}
