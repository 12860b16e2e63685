using PolicyLayer.DecisionTree.Conditions;
using PolicyLayer.DecisionTree.Paths;

namespace PolicyLayer.DecisionTree;

/// <summary>What a policy says of the tools that one entry matches, or that no entry matches.</summary>
internal sealed class ToolEntry(Verdict verdict, PathTable? paths = null, RuleSet? rules = null, LimitPlan? limits = null)
{
    /// <summary>An allow, unless something below stands against it; or the denial of every call.</summary>
    public Verdict Verdict => verdict;

    public ToolRisk Risk => verdict.Risk;

    /// <summary>What the rules and limits read.</summary>
    public PathTable Paths { get; } = paths ?? PathTable.Empty;

    public RuleSet? Rules => rules;

    public LimitPlan? Limits => limits;

    /// <summary>Judges a call whose arguments have been read.</summary>
    public Evaluation Judge(in ToolCall call, in CallFacts facts)
    {
        if (verdict.Code != DecisionCode.Allowed)
        {
            return new Evaluation(verdict);
        }

        if (rules?.Judge(facts) is { } denial)
        {
            return new Evaluation(denial);
        }

        if (limits is null)
        {
            return new Evaluation(verdict);
        }

        return limits.Prepare(call, facts, out long[]? amounts) is { } refusal
            ? new Evaluation(refusal)
            : new Evaluation(verdict, limits, amounts);
    }
}
