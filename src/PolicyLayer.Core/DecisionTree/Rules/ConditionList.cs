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

    /// <summary>
    /// The cause of a list that doesn't hold, or can't be judged: the first condition that is false or, where none is, the first that can't
    /// be judged. Empty where that takes too much work.
    /// </summary>
    public Causes FindAgainst(in CallFacts facts)
    {
        Condition? first = null;
        for (Condition? condition = _first; condition is not null; condition = condition.Next)
        {
            Judgement judged = condition.Judge(facts);
            if (judged == Judgement.False)
            {
                return new Causes(condition.FindCause(facts, judged));
            }

            first ??= judged == Judgement.Unjudgeable ? condition : null;
        }

        return first is null ? default : new Causes(first.FindCause(facts, Judgement.Unjudgeable));
    }

    /// <summary>
    /// What there is to say of a list that holds, or can't be judged: the first condition that can't be judged or, where all hold, the
    /// first that does so as an argument is missing; else the first condition.
    /// </summary>
    public Causes FindFor(in CallFacts facts)
    {
        Cause? told = null;
        for (Condition? condition = _first; condition is not null; condition = condition.Next)
        {
            Judgement judged = condition.Judge(facts);
            Cause cause = condition.FindCause(facts, judged);
            if (judged == Judgement.Unjudgeable)
            {
                return new Causes(cause);
            }

            if (told is not { } before || (before.Kind == CauseKind.Judged && cause.Kind != CauseKind.Judged))
            {
                told = cause;
            }
        }

        return told is { } found ? new Causes(found) : default;
    }
}
