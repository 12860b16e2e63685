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

    /// <summary>The first condition that can't be judged, of the first list that can't be.</summary>
    public Condition? FindUnjudgeable(in CallFacts facts)
    {
        Condition? found = conditions.FindUnjudgeable(facts);
        for (RuleAlternative? other = next; other is not null && found is null; other = other.Next)
        {
            found = other.Conditions.FindUnjudgeable(facts);
        }

        return found;
    }

    /// <summary>The conditions of this list and those after it, for words about them.</summary>
    public IEnumerable<Condition> All
    {
        get
        {
            for (RuleAlternative? list = this; list is not null; list = list.Next)
            {
                foreach (Condition condition in list.Conditions.All)
                {
                    yield return condition;
                }
            }
        }
    }

    private RuleAlternative? Next => next;

    private ConditionList Conditions => conditions;
}
