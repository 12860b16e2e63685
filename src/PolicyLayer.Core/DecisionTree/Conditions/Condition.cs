using PolicyLayer.DecisionTree.Paths;
using PolicyLayer.Json;

namespace PolicyLayer.DecisionTree.Conditions;

/// <summary>A path and a test of what it leads to.</summary>
internal abstract class Condition
{
    private readonly ConditionTarget _target;

    protected Condition(ConditionTarget target)
    {
        _target = target;
    }

    public Judgement Judge(in CallFacts facts)
    {
        PathOutcome outcome = facts.Resolve(_target.Place, _target.Path.Root, out JsonValue value);
        return outcome == PathOutcome.Present && _target.Path.FansOut
            ? FanOut(value, _target.Path.Tail, facts.Scratch) ?? Judgement.False
            : Judge(outcome, value, facts.Scratch);
    }

    /// <summary>Tests a value that is there.</summary>
    protected abstract Judgement Test(in JsonValue value, CallScratch scratch);

    /// <summary>What the condition says when there is no argument.</summary>
    protected abstract Judgement WhenMissing(RuleMode mode);

    private Judgement Judge(PathOutcome outcome, in JsonValue value, CallScratch scratch) => outcome switch
    {
        PathOutcome.Present => Test(value, scratch),
        PathOutcome.Missing => WhenMissing(_target.Mode),
        _ => Judgement.Unjudgeable,
    };

    /// <summary>Joins the judgements of all elements; null over none.</summary>
    private Judgement? FanOut(JsonValue start, ReadOnlySpan<PathStep> steps, CallScratch scratch)
    {
        int fan = steps.IndexOfAllElements();
        PathOutcome outcome = (fan < 0 ? steps : steps[..fan]).Follow(start, out JsonValue value);
        if (fan >= 0 && outcome == PathOutcome.Present)
        {
            if (value.Kind == JsonKind.Array)
            {
                return Join(value, steps[(fan + 1)..], scratch);
            }

            outcome = value.Kind == JsonKind.Null ? PathOutcome.Missing : PathOutcome.Unjudgeable;
        }

        return Judge(outcome, value, scratch);
    }

    /// <summary>In <c>require</c> every element must satisfy the condition; elsewhere one is enough.</summary>
    private Judgement? Join(JsonValue array, ReadOnlySpan<PathStep> steps, CallScratch scratch)
    {
        bool isRequired = _target.Mode == RuleMode.Require;
        Judgement decisive = isRequired ? Judgement.False : Judgement.True;
        Judgement? joined = null;
        foreach (JsonValue element in array.EnumerateElements())
        {
            if (FanOut(element, steps, scratch) is { } judgement)
            {
                joined = joined is not { } before ? judgement
                    : isRequired ? before.And(judgement)
                    : before.Or(judgement);
                if (joined == decisive)
                {
                    break;
                }
            }
        }

        return joined;
    }
}
