using PolicyLayer.Calls;
using PolicyLayer.DecisionTree.Reading;
using PolicyLayer.DecisionTree.Verdicts;
using PolicyLayer.Json.Values;

namespace PolicyLayer.DecisionTree.Rules;

/// <summary>Conditions that must hold together; none always hold.</summary>
/// <param name="conditions">The conditions.</param>
/// <param name="words">What the author says of the rule, or null.</param>
internal sealed class RuleNode(Condition[] conditions, RuleWords? words)
{
    private Verdict?[]? _denials;

    /// <summary>Whether it holds whatever the call says.</summary>
    public bool AlwaysHolds => conditions.Length == 0;

    /// <summary>Whether all conditions hold; unjudgeable, too, once the call took too much work.</summary>
    public Judgement Judge(in CallFacts facts)
    {
        if (!facts.Scratch.Work.TrySpend(StepCosts.Condition * (long)conditions.Length))
        {
            return Judgement.Unjudgeable;
        }

        Judgement all = Judgement.True;
        foreach (Condition condition in conditions)
        {
            all = all.And(condition.Judge(facts));
            if (all == Judgement.False)
            {
                break;
            }
        }

        return all;
    }

    /// <summary>What every call is told that the rule stands against: a verdict for each risk, made when it is first needed.</summary>
    public Verdict Deny(in RuleDenial denial, int index)
    {
        Verdict?[] denials = _denials ??= new Verdict?[(int)ToolRisk.Other + 1];
        return denials[(int)denial.Risk] ??= Verdict.Deny(
            denial.List.Code,
            denial.Policy,
            denial.Risk,
            PolicyPlaces.Entry(denial.ToolKey).Member(denial.List.Name).Element(index),
            words?.OnDeny,
            words?.Name);
    }
}
