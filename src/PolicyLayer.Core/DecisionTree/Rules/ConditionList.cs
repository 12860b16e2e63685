using PolicyLayer.Calls;
using PolicyLayer.DecisionTree.Reading;
using PolicyLayer.Json.Values;

namespace PolicyLayer.DecisionTree.Rules;

/// <summary>Conditions that must hold together; none always hold.</summary>
internal readonly struct ConditionList
{
    private readonly Condition? _first;

    /// <param name="conditions">The conditions, which belong to this list from now on.</param>
    public ConditionList(ReadOnlySpan<Condition> conditions)
    {
        for (int i = conditions.Length - 1; i >= 0; i--)
        {
            conditions[i].Next = _first;
            _first = conditions[i];
        }
    }

    public bool IsEmpty => _first is null;

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
}
