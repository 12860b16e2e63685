namespace PolicyLayer.Proxy.Guarding;

/// <summary>
/// An allowed call that the server has, or is about to get. Its outcome is reported once. Safe for any number of threads.
/// </summary>
/// <param name="authorizer">Takes the outcome.</param>
/// <param name="decision">What was decided.</param>
/// <param name="call">What was judged.</param>
/// <param name="principal">Who may come back to it.</param>
internal sealed class JudgedCall(IToolCallAuthorizer authorizer, ToolCallDecision decision, ToolCall call, string principal)
{
    // Of a call that nobody comes back to nothing is kept.
    private ToolCall? _call = call.MayContinue ? call : null;
    private int _isSettled;

    public ToolCallDecision Decision => decision;

    /// <summary>What was judged; null for a call that its client can't come back to.</summary>
    public ToolCall? Call => _call;

    public string Principal => principal;

    /// <summary>Its client won't come back to it.</summary>
    public void Release() => _call = null;

    /// <summary>Reports what became of it, unless that was done.</summary>
    /// <param name="outcome">The outcome: only what surely never reached the server was not executed.</param>
    public async ValueTask SettleAsync(ToolCallOutcome outcome)
    {
        if (Interlocked.Exchange(ref _isSettled, 1) == 0)
        {
            await authorizer.CompleteAsync(decision, outcome, CancellationToken.None).ConfigureAwait(false);
        }
    }
}
