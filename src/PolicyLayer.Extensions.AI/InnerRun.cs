namespace PolicyLayer.Extensions.AI;

/// <summary>
/// What a guarded function hears of another guard of the same function, whatever stands between: whether it let it run. For one call.
/// </summary>
/// <param name="inner">The other guard.</param>
internal sealed class InnerRun(GuardedFunction inner)
{
    private static readonly AsyncLocal<InnerRun?> Current = new();

    private readonly GuardedFunction _inner = inner;
    private volatile bool _stopped;
    private volatile bool _ran;

    /// <summary>Whether the inner guard kept the function from running.</summary>
    public bool NeverRan => _stopped && !_ran;

    /// <summary>What the guard around a function wants to hear of this call; null for no such guard.</summary>
    public static InnerRun? WantedOf(GuardedFunction function) =>
        Current.Value is { } run && ReferenceEquals(run._inner, function) ? run : null;

    /// <summary>Begins to listen, until the caller's method ends; null where there is no other guard.</summary>
    public static InnerRun? Begin(GuardedFunction? inner) => inner is null ? null : Current.Value = new InnerRun(inner);

    /// <summary>Takes down what became of the inner call, or of one of them.</summary>
    public void Tell(ToolCallOutcome outcome)
    {
        if (outcome == ToolCallOutcome.NotExecuted)
        {
            _stopped = true;
        }
        else
        {
            _ran = true;
        }
    }
}
