using PolicyLayer;

internal sealed class RetryingRunner(IToolCallAuthorizer authorizer, TimeProvider clock, TimeSpan patience)
{
    public async Task<string> RunAsync(ToolCall call, Func<CancellationToken, Task<string>> tool, CancellationToken cancellationToken)
    {
        ToolCallDecision decision = await authorizer.AuthorizeAsync(call, cancellationToken);
        if (decision.RetryAfter is { } wait && wait <= patience)
        {
            // Another call may have been faster then: whatever is said now is given back.
            await Task.Delay(wait, clock, cancellationToken);
            decision = await authorizer.AuthorizeAsync(call, cancellationToken);
        }

        if (!decision.IsAllowed)
        {
            return decision.Message;
        }

        var outcome = ToolCallOutcome.Failed;
        try
        {
            string text = await tool(cancellationToken);
            outcome = ToolCallOutcome.Succeeded;
            return text;
        }
        finally
        {
            await authorizer.CompleteAsync(decision, outcome, CancellationToken.None);
        }
    }
}
