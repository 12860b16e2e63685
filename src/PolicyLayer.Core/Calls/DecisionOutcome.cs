namespace PolicyLayer;

/// <summary>
/// What the host has to do with a call. Only <see cref="Allow"/> lets the tool run; treat what you don't know as a denial.
/// </summary>
public enum DecisionOutcome
{
    /// <summary>Don't run the tool; give <see cref="ToolCallDecision.Message"/> to the agent.</summary>
    Deny = 0,

    /// <summary>Run the tool.</summary>
    Allow = 1,

    /// <summary>
    /// Don't run the tool until a person has approved the call; give <see cref="ToolCallDecision.Message"/> to the agent.
    /// </summary>
    ApprovalRequired = 2,
}
