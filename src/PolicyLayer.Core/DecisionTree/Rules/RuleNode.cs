using PolicyLayer.Calls;
using PolicyLayer.DecisionTree.Reading;
using PolicyLayer.DecisionTree.Verdicts;
using PolicyLayer.Json.Values;
using PolicyLayer.Text;

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

    /// <summary>Its conditions, each with its place where the rule has its own.</summary>
    public IEnumerable<(Place Place, Condition Condition)> Conditions(Place rule)
    {
        IEnumerable<(Place, Condition)> own = Placed(conditions.All, rule.Member("conditions"));
        return any is null
            ? own
            : own.Concat(any.Lists.SelectMany((list, index) => Placed(list.Own, rule.Member("any").Element(index))));
    }

    private static IEnumerable<(Place, Condition)> Placed(IEnumerable<Condition> conditions, Place list) =>
        conditions.Select((condition, index) => (list.Element(index), condition));

    /// <summary>What a call is told that the rule, at its place in the list, stands against.</summary>
    public Verdict Deny(in RuleDenial denial, int index, in CallFacts facts) =>
        Deny(denial, index, facts.Scratch.Work.IsSpent ? default : FindCauses(denial.List, facts));

    private Verdict Deny(in RuleDenial denial, int index, in Causes causes)
    {
        RuleDenials denials = _denials ??= new RuleDenials();
        return denials.Find(denial.Risk, causes) ?? denials.Add(Describe(denial, index, causes), causes);
    }

    /// <summary>
    /// Which conditions stand against a call that the rule does: judged again, as nobody remembers it on the way of a call that passes.
    /// Empty where that takes too much work.
    /// </summary>
    private Causes FindCauses(RuleList list, in CallFacts facts)
    {
        // INVARIANT: words change no decision: what they cost isn't the call's.
        WorkBudget work = facts.Scratch.Work;
        long left = work.Left;
        work.Left = WorkBudget.ForWords;
        Causes causes = list.MustHold ? FindAgainst(facts) : FindFor(facts);
        causes = work.IsSpent ? default : causes;
        work.Left = left;
        return causes;
    }

    /// <summary>What is false comes before what can't be judged: it alone decides.</summary>
    private Causes FindAgainst(in CallFacts facts)
    {
        if (any is null || conditions.Judge(facts) == Judgement.False)
        {
            return conditions.FindAgainst(facts);
        }

        Causes own = any.Judge(facts) == Judgement.False ? default : conditions.FindAgainst(facts);
        return own.IsEmpty ? any.FindAgainst(facts) : own;
    }

    private Causes FindFor(in CallFacts facts)
    {
        Causes own = conditions.FindFor(facts);
        if (any is null)
        {
            return own;
        }

        Causes other = any.FindFor(facts);
        return own.IsEmpty || own.First.Kind == CauseKind.Judged ? other : own with { Alternative = other.Alternative };
    }

    private Verdict Describe(in RuleDenial denial, int index, in Causes causes)
    {
        string? wanting = CauseWords.Describe(causes);
        string? message = RuleWording.Describe(denial.List, words, Tell(denial.List, causes), causes);
        if (wanting is not null)
        {
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

    /// <summary>The conditions that are named: those that stand against the call or, where it isn't known which, all.</summary>
    private IEnumerable<Condition> Tell(RuleList list, Causes causes)
    {
        if (causes.IsEmpty)
        {
            return conditions.All.Concat(any?.All ?? []);
        }

        return list.MustHold ? causes.All.Select(cause => cause.Condition) : conditions.All.Concat(causes.Alternative?.Own ?? []);
    }
}
