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

    /// <summary>The conditions, for words about them.</summary>
    public IEnumerable<Condition> All
    {
        get
        {
            for (Condition? condition = _first; condition is not null; condition = condition.Next)
            {
                yield return condition;
            }
        }
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

    /// <summary>The first condition that can't be judged, if none of them is false: then the list is.</summary>
    public Condition? FindUnjudgeable(in CallFacts facts)
    {
        Condition? first = null;
        for (Condition? condition = _first; condition is not null; condition = condition.Next)
        {
            Judgement judged = condition.Judge(facts);
            if (judged == Judgement.False)
            {
                return null;
            }

            first ??= judged == Judgement.Unjudgeable ? condition : null;
        }

        return first;
    }
}
