using System.Collections.Concurrent;

namespace PolicyLayer.DecisionTree.Verdicts;

/// <summary>The verdicts that depend on nothing but the code and the tool's risk, built when first needed and then shared.</summary>
internal sealed class VerdictTable(PolicyIdentity policy)
{
    // Few are ever made, so it starts small: codes have numbers with gaps, and most belong to a rule with a verdict of its own.
    private readonly ConcurrentDictionary<(DecisionCode Code, ToolRisk Risk), Verdict> _verdicts = new(concurrencyLevel: 1, capacity: 7);

    public PolicyIdentity Policy => policy;

    public Verdict Get(DecisionCode code, ToolRisk risk = ToolRisk.Unspecified) =>
        _verdicts.GetOrAdd((code, risk), static (key, policy) => Create(key.Code, policy, key.Risk), policy);

    private static Verdict Create(DecisionCode code, PolicyIdentity policy, ToolRisk risk) =>
        code == DecisionCode.Allowed ? Verdict.Allow(policy, risk) : Verdict.Deny(code, policy, risk);
}
