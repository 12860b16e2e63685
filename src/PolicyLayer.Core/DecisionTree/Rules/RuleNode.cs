using PolicyLayer.Calls;
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
    private RuleDenials? _denials;

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

    /// <summary>
    /// The first condition that couldn't be judged, for a rule that couldn't: judged again, as nobody remembers it on the way of a call
    /// that passes. Null where that takes too much work.
    /// </summary>
    public Doubt? FindDoubt(in CallFacts facts)
    {
        // INVARIANT: words change no decision: what they cost isn't the call's.
        WorkBudget work = facts.Scratch.Work;
        long left = work.Left;
        work.Left = WorkBudget.ForWords;
        Condition? condition = conditions.FindUnjudgeable(facts) ?? any?.FindUnjudgeable(facts);
        Doubt? doubt = condition is null ? null : new Doubt(condition, condition.FindReason(facts));
        doubt = work.IsSpent ? null : doubt;
        work.Left = left;
        return doubt;
    }

    /// <summary>What a call is told that the rule stands against, and what was wanting where it couldn't be judged.</summary>
    public Verdict Deny(in RuleDenial denial, int index, in Doubt? doubt)
    {
        RuleDenials denials = _denials ??= new RuleDenials();
        return denials.Find(denial.Risk, doubt) ?? denials.Add(Describe(denial, index, doubt), doubt);
    }

    private Verdict Describe(in RuleDenial denial, int index, in Doubt? doubt)
    {
        string? message = RuleWording.Describe(denial.List, words, conditions.All.Concat(any?.All ?? []));
        if (doubt is { } found)
        {
            string wanting = RuleWording.Describe(found);
            message = message is null ? wanting : $"{wanting} {message}";
        }

        return Verdict.Deny(
            denial.List.Code,
            denial.Policy,
            denial.Risk,
            PolicyPlaces.Entry(denial.ToolKey).Member(denial.List.Name).Element(index),
            message,
            words?.Name);
    }
}
