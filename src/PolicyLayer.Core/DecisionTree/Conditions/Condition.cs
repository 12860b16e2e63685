using PolicyLayer.DecisionTree.Paths;
using PolicyLayer.Json;

namespace PolicyLayer.DecisionTree.Conditions;

/// <summary>A path and a test of what it leads to.</summary>
/// <param name="place">The path's place in the entry's table.</param>
/// <param name="path">The path.</param>
/// <param name="mode">Which way the rule leans.</param>
internal abstract class Condition(int place, PolicyPath path, RuleMode mode)
{
    public Judgement Judge(in CallFacts facts)
    {
        PathResult result = facts.Resolve(place);
        if (!path.FansOut || result.Outcome != PathOutcome.Present)
        {
            return Judge(result, facts.Scratch);
        }

        return FanOut(result.Value, path.Tail, facts.Scratch) ?? Judgement.False;
    }

    /// <summary>Tests a value that is there.</summary>
    protected abstract Judgement Test(JsonValue value, CallScratch scratch);

    /// <summary>What the condition says when there is no argument.</summary>
    protected abstract Judgement WhenMissing(RuleMode mode);

    private Judgement Judge(PathResult result, CallScratch scratch) => result.Outcome switch
    {
        PathOutcome.Present => Test(result.Value, scratch),
        PathOutcome.Missing => WhenMissing(mode),
        _ => Judgement.Unjudgeable,
    };

    /// <summary>Joins the judgements of all elements; null over none.</summary>
    private Judgement? FanOut(JsonValue value, ReadOnlySpan<PathStep> steps, CallScratch scratch)
    {
        int next = IndexOfFanOut(steps);
        PathResult result = PathResult.Follow(value, next < 0 ? steps : steps[..next]);
        if (next < 0 || result.Outcome != PathOutcome.Present)
        {
            return Judge(result, scratch);
        }

        if (result.Value.Kind != JsonKind.Array)
        {
            return Judge(
                new PathResult(result.Value.Kind == JsonKind.Null ? PathOutcome.Missing : PathOutcome.Unjudgeable), scratch);
        }

        Judgement? joined = null;
        foreach (JsonValue element in result.Value.EnumerateElements())
        {
            if (FanOut(element, steps[(next + 1)..], scratch) is { } judgement)
            {
                joined = joined is { } before ? Join(before, judgement) : judgement;
                if (joined == Decisive)
                {
                    break;
                }
            }
        }

        return joined;
    }

    private Judgement Decisive => mode == RuleMode.Require ? Judgement.False : Judgement.True;

    private Judgement Join(Judgement a, Judgement b) => mode == RuleMode.Require ? a.And(b) : a.Or(b);

    private static int IndexOfFanOut(ReadOnlySpan<PathStep> steps)
    {
        for (int i = 0; i < steps.Length; i++)
        {
            if (steps[i].IsAllElements)
            {
                return i;
            }
        }

        return -1;
    }
}
