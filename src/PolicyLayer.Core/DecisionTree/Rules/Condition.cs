using System.Runtime.CompilerServices;
using PolicyLayer.Calls;
using PolicyLayer.DecisionTree.Paths;
using PolicyLayer.DecisionTree.Reading;
using PolicyLayer.Json.Values;

namespace PolicyLayer.DecisionTree.Rules;

/// <summary>A path and a test of what it leads to.</summary>
internal abstract class Condition
{
    private readonly PolicyPath _path;
    private readonly int _place;
    private readonly PathRoot _root;
    private readonly bool _mustHold;
    private readonly bool _fansOut;

    protected Condition(ConditionTarget target)
    {
        _path = target.Path;
        _mustHold = target.MustHold;
        _place = target.Place;
        _root = target.Path.Root;
        _fansOut = target.Path.FansOut;
    }

    /// <summary>The condition after this one in its rule. Set once, when the rule is made: most rules have one, and need no list.</summary>
    public Condition? Next { get; internal set; }

    public Judgement Judge(in CallFacts facts)
    {
        int token = facts.Resolve(_place);
        return token >= 0 && !_fansOut ? Test(facts.ValueAt(_root, token), facts.Scratch) : JudgeOther(facts, token);
    }

    /// <summary>Tests a value that is there.</summary>
    protected abstract Judgement Test(in JsonValue value, CallScratch scratch);

    /// <summary>What the condition says when there is no argument.</summary>
    /// <param name="mustHold">Whether a call passes when the rule holds, or when it doesn't.</param>
    protected abstract Judgement WhenMissing(bool mustHold);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Judgement JudgeOther(in CallFacts facts, int token) => token < 0
        ? JudgeNothing(token)
        : FanOut(facts.ValueAt(_root, token), _path.Tail, facts.Scratch) ?? Judgement.False;

    /// <summary>Joins the judgements of all elements; null over none.</summary>
    private Judgement? FanOut(JsonValue start, ReadOnlySpan<PathStep> steps, CallScratch scratch)
    {
        int fan = steps.IndexOfAllElements();
        int token = (fan < 0 ? steps : steps[..fan]).Follow(start, scratch.Work);
        if (token < 0)
        {
            return JudgeNothing(token);
        }

        JsonValue value = start.At(token);
        if (fan < 0)
        {
            return Test(value, scratch);
        }

        return value.Kind switch
        {
            JsonKind.Array => Join(value, steps[(fan + 1)..], scratch),
            JsonKind.Null => JudgeNothing(PathSteps.Missing),
            _ => JudgeNothing(PathSteps.Unjudgeable),
        };
    }

    private Judgement JudgeNothing(int token) => token == PathSteps.Missing ? WhenMissing(_mustHold) : Judgement.Unjudgeable;

    /// <summary>Where the rule must hold, every element must satisfy the condition; elsewhere one is enough.</summary>
    private Judgement? Join(JsonValue array, ReadOnlySpan<PathStep> steps, CallScratch scratch)
    {
        // Paths and arguments may be as deep as the host allows: what the stack doesn't hold is denied.
        RuntimeHelpers.EnsureSufficientExecutionStack();
        Judgement decisive = _mustHold ? Judgement.False : Judgement.True;
        Judgement? joined = null;
        foreach (JsonValue element in array.EnumerateElements())
        {
            if (!scratch.Work.TrySpend(StepCosts.FannedElement))
            {
                return Judgement.Unjudgeable;
            }

            if (FanOut(element, steps, scratch) is { } judgement)
            {
                joined = joined is { } before ? JoinTwo(before, judgement) : judgement;
                if (joined == decisive)
                {
                    break;
                }
            }
        }

        return joined;
    }

    private Judgement JoinTwo(Judgement a, Judgement b) => _mustHold ? a.And(b) : a.Or(b);
}
