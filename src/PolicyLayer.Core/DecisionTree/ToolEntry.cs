using PolicyLayer.DecisionTree.Schemas;

namespace PolicyLayer.DecisionTree;

/// <summary>What a policy says of the tools that one entry matches, or that no entry matches.</summary>
internal sealed class ToolEntry(Verdict verdict, LimitPlan? limits = null, SchemaNode? arguments = null)
{
    /// <summary>An allow, unless something below stands against it; or the denial of every call.</summary>
    public Verdict Verdict { get; } = verdict;

    public ToolRisk Risk => Verdict.Risk;

    public LimitPlan? Limits { get; } = limits;

    /// <summary>What the arguments have to meet, absent ones being <c>{}</c>; null for anything.</summary>
    public SchemaNode? Arguments { get; } = arguments;
}
