using PolicyLayer.DecisionTree.Reading;
using PolicyLayer.DecisionTree.Verdicts;
using PolicyLayer.Json.Values;

namespace PolicyLayer.DecisionTree.Rules;

/// <summary>Conditions that must hold together and, beside them, those of at least one list of <c>any</c>; none always hold.</summary>
/// <param name="conditions">The conditions.</param>
/// <param name="any">The first list of <c>any</c>; null without it.</param>
/// <param name="words">What the author says of the rule, or null.</param>
internal sealed class RuleNode(ConditionList conditions, RuleAlternative? any, RuleWords? words)
{
    private Verdict?[]? _denials;

    /// <summary>The rule after this one in its list. Set once, when the list is made: most lists have one.</summary>
    public RuleNode? Next { get; private set; }

    /// <summary>Whether it holds whatever the call says.</summary>
    public bool AlwaysHolds => conditions.IsEmpty && any is null;

    /// <summary>Makes a list of rules, which belong to it from now on. Returns its first; null for none.</summary>
    public static RuleNode? Link(ReadOnlySpan<RuleNode> rules)
    {
        RuleNode? first = null;
        for (int i = rules.Length - 1; i >= 0; i--)
        {
            rules[i].Next = first;
            first = rules[i];
        }

        return first;
    }

    /// <summary>Whether the rule holds; unjudgeable, too, once the call took too much work.</summary>
    public Judgement Judge(in CallFacts facts)
    {
        Judgement all = conditions.Judge(facts);
        return any is null || all == Judgement.False ? all : all.And(any.Judge(facts));
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
