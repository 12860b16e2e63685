using PolicyLayer.Cli.Calls;

namespace PolicyLayer.Cli.Output;

/// <summary>A row that waits for its table: the answer to a call, or what became of an event.</summary>
internal readonly record struct DecisionRow
{
    public ToolCallDecision Decision { get; init; }

    /// <summary>The line that the decision answers, or null.</summary>
    public CallLine? Line { get; init; }

    /// <summary>The event; null for a call.</summary>
    public string? Event { get; init; }

    /// <summary>Whether the event did what it says.</summary>
    public bool IsOk { get; init; }

    /// <summary>Why it didn't, in a word, or null.</summary>
    public string? Reason { get; init; }
}
