namespace PolicyLayer;

/// <summary>What the host has to do with a call.</summary>
public enum DecisionOutcome
{
    /// <summary>Don't run the tool; give <see cref="ToolCallDecision.Message"/> to the agent.</summary>
    Deny = 0,

    /// <summary>Run the tool.</summary>
    Allow,
}
