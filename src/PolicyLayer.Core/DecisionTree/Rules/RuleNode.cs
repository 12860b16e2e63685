using PolicyLayer.Calls;
using PolicyLayer.DecisionTree.Reading;
using PolicyLayer.DecisionTree.Verdicts;
using PolicyLayer.Json.Values;

namespace PolicyLayer.DecisionTree.Rules;

/// <summary>Conditions that must hold together; none always hold.</summary>
internal sealed class RuleNode
{
    private readonly Condition? _first;
    private readonly RuleWords? _words;
    private Verdict?[]? _denials;

    /// <param name="conditions">The conditions, which belong to this rule from now on.</param>
    /// <param name="words">What the author says of the rule, or null.</param>
    public RuleNode(ReadOnlySpan<Condition> conditions, RuleWords? words)
    {
        _words = words;
        for (int i = conditions.Length - 1; i >= 0; i--)
        {
            conditions[i].Next = _first;
            _first = conditions[i];
        }
    }

    /// <summary>The rule after this one in its list. Set once, when the list is made: most lists have one.</summary>
    public RuleNode? Next { get; private set; }

    /// <summary>Whether it holds whatever the call says.</summary>
    public bool AlwaysHolds => _first is null;

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

    /// <summary>Whether all conditions hold; unjudgeable, too, once the call took too much work.</summary>
    public Judgement Judge(in CallFacts facts)
    {
        Judgement all = Judgement.True;
        for (Condition? condition = _first; condition is not null; condition = condition.Next)
        {
            if (!facts.Scratch.Work.TrySpend(StepCosts.Condition))
            {
                return Judgement.Unjudgeable;
            }

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
            _words?.OnDeny,
            _words?.Name);
    }
}
