using System.Runtime.CompilerServices;
using PolicyLayer.DecisionTree.Reading;
using PolicyLayer.Json.Values;

namespace PolicyLayer.DecisionTree.Rules;

/// <summary>One of the lists of a rule's <c>any</c>, of which at least one must hold.</summary>
/// <param name="conditions">The list, which isn't empty.</param>
/// <param name="next">The list after it, or null.</param>
internal sealed class RuleAlternative(ConditionList conditions, RuleAlternative? next)
{
    /// <summary>Whether this list or one after it holds.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public Judgement Judge(in CallFacts facts)
    {
        Judgement any = conditions.Judge(facts);
        for (RuleAlternative? other = next; other is not null && any != Judgement.True; other = other.Next)
        {
            any = any.Or(other.Conditions.Judge(facts));
        }

        return any;
    }

    /// <summary>What stands against each list, of lists of which none holds; empty where that takes too much work.</summary>
    public Causes FindAgainst(in CallFacts facts)
    {
        Causes all = default;
        for (RuleAlternative? list = this; list is not null; list = list.Next)
        {
            Causes one = list.Conditions.FindAgainst(facts);
            if (one.IsEmpty)
            {
                return default;
            }

            all = all.With(one.First);
        }

        return all;
    }

    /// <summary>What there is to say of the first list that holds or, where none does, of the first that can't be judged.</summary>
    public Causes FindFor(in CallFacts facts)
    {
        RuleAlternative? found = null;
        Judgement best = Judgement.False;
        for (RuleAlternative? list = this; list is not null && best != Judgement.True; list = list.Next)
        {
            Judgement judged = list.Conditions.Judge(facts);
            if (judged != Judgement.False && (found is null || judged == Judgement.True))
            {
                found = list;
                best = judged;
            }
        }

        return found is null ? default : found.Conditions.FindFor(facts) with { Alternative = found };
    }

    /// <summary>The conditions of this list, for words about them.</summary>
    public IEnumerable<Condition> Own => conditions.All;

    /// <summary>The conditions of this list and those after it, for words about them.</summary>
    public IEnumerable<Condition> All => Lists.SelectMany(list => list.Own);

    /// <summary>This list and those after it.</summary>
    public IEnumerable<RuleAlternative> Lists
    {
        get
        {
            for (RuleAlternative? list = this; list is not null; list = list.Next)
            {
                yield return list;
            }
        }
    }

    private RuleAlternative? Next => next;

    private ConditionList Conditions => conditions;
}
