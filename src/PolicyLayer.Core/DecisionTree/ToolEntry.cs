namespace PolicyLayer.DecisionTree;

/// <summary>What a policy says of the tools that one entry matches, or that no entry matches.</summary>
internal sealed class ToolEntry(Verdict verdict, LimitPlan? limits = null)
{
    /// <summary>An allow, unless something below stands against it; or the denial of every call.</summary>
    public Verdict Verdict { get; } = verdict;

    public ToolRisk Risk => Verdict.Risk;

    public LimitPlan? Limits { get; } = limits;
}
