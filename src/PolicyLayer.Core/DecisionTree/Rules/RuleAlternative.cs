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

    private RuleAlternative? Next => next;

    private ConditionList Conditions => conditions;
}
