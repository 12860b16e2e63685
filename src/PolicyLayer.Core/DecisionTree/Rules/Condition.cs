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
    private readonly bool _isOptional;

    /// <summary>Whether nothing stands between the head's value and the test: no <c>[*]</c>, and null is no reason to pass.</summary>
    private readonly bool _isPlain;

    protected Condition(ConditionTarget target)
    {
        _path = target.Path;
        _mustHold = target.MustHold;
        _place = target.Place;
        _root = target.Path.Root;
        _isOptional = target.IsOptional;
        _isPlain = !target.IsOptional && !target.Path.FansOut;
    }

    /// <summary>The condition after this one in its rule. Set once, when the rule is made: most rules have one, and need no list.</summary>
    public Condition? Next { get; internal set; }

    public PolicyPath Path => _path;

    /// <summary>The operator as policies write it.</summary>
    public abstract string Operator { get; }

    /// <summary>What a value must be to be judged, in the words that follow <c>must be</c>.</summary>
    public abstract string Need { get; }

    /// <summary>The same for a value of a kind that the operator doesn't take.</summary>
    public virtual string NeedOfKind => Need;

    /// <summary>The path of an operand from the call; empty without one.</summary>
    public virtual string OperandPath => "";

    /// <summary>What an operand from the call must be.</summary>
    public virtual string OperandNeed => "";

    public Judgement Judge(in CallFacts facts)
    {
        int token = facts.Resolve(_place);
        return token >= 0 && _isPlain ? Test(facts.ValueAt(_root, token), facts) : JudgeOther(facts, token);
    }

    /// <summary>Why the condition can't be judged, for one that can't.</summary>
    public DoubtReason FindReason(in CallFacts facts)
    {
        int token = facts.Resolve(_place);
        if (token == PathSteps.Unjudgeable)
        {
            return ReasonOfSteps(_path.Head, facts.ValueAt(_root, 0), facts.Scratch.Work);
        }

        if (token == PathSteps.Missing && _root != PathRoot.Arguments)
        {
            return DoubtReason.NotGiven;
        }

        if (LacksOperand(facts))
        {
            return DoubtReason.Operand;
        }

        return (token < 0 ? null : FindReason(facts.ValueAt(_root, token), _path.Tail, facts.Scratch.Work)) ?? DoubtReason.Unreadable;
    }

    /// <summary>Whether the operator can judge values of a kind.</summary>
    protected abstract bool Takes(JsonKind kind);

    /// <summary>Whether the operand should come from the call, and doesn't.</summary>
    protected virtual bool LacksOperand(in CallFacts facts) => false;

    /// <summary>Tests a value that is there.</summary>
    protected abstract Judgement Test(in JsonValue value, in CallFacts facts);

    /// <summary>What the condition says where the path leads to nothing.</summary>
    /// <param name="mustHold">Whether a call passes when the rule holds, or when it doesn't.</param>
    /// <param name="facts">What the call says.</param>
    protected abstract Judgement WhenMissing(bool mustHold, in CallFacts facts);

    /// <summary>What the condition says where <c>[*]</c> finds no element.</summary>
    protected virtual Judgement WhenEmpty(in CallFacts facts) => Judgement.False;

    /// <summary>What the condition says of a fact that the host didn't give: an agent can't leave it out, only a host by mistake.</summary>
    protected virtual Judgement WhenNotGiven => Judgement.Unjudgeable;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Judgement JudgeOther(in CallFacts facts, int token) => token < 0
        ? JudgeNothing(token, facts)
        : FanOut(facts.ValueAt(_root, token), _path.Tail, facts) ?? JudgeEmpty(facts);

    /// <summary>Joins the judgements of all elements; null over none.</summary>
    private Judgement? FanOut(JsonValue start, ReadOnlySpan<PathStep> steps, in CallFacts facts)
    {
        int fan = steps.IndexOfAllElements();
        int token = (fan < 0 ? steps : steps[..fan]).Follow(start, facts.Scratch.Work);
        if (token < 0)
        {
            return JudgeNothing(token, facts);
        }

        JsonValue value = start.At(token);
        return value.Kind switch
        {
            JsonKind.Null when fan >= 0 || _isOptional => JudgeNothing(PathSteps.Missing, facts),
            JsonKind.Array when fan >= 0 => Join(value, steps[(fan + 1)..], facts),
            _ when fan >= 0 => Judgement.Unjudgeable,
            _ => Test(value, facts),
        };
    }

    private static DoubtReason ReasonOfSteps(ReadOnlySpan<PathStep> steps, JsonValue start, WorkBudget work) =>
        steps.MeetsCaseVariant(start, work) ? DoubtReason.CaseVariant : DoubtReason.WrongStep;

    /// <summary>The first reason to doubt that paths and kinds give; null where they give none.</summary>
    private DoubtReason? FindReason(JsonValue start, ReadOnlySpan<PathStep> steps, WorkBudget work)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        int fan = steps.IndexOfAllElements();
        ReadOnlySpan<PathStep> head = fan < 0 ? steps : steps[..fan];
        int token = head.Follow(start, work);
        if (token == PathSteps.Unjudgeable)
        {
            return ReasonOfSteps(head, start, work);
        }

        JsonValue value = token < 0 ? default : start.At(token);
        if (value.Kind == JsonKind.None || (value.Kind == JsonKind.Null && (fan >= 0 || _isOptional)))
        {
            return _root == PathRoot.Arguments || _isOptional ? null : DoubtReason.NotGiven;
        }

        if (fan < 0)
        {
            return Takes(value.Kind) ? null : DoubtReason.WrongKind;
        }

        return value.Kind == JsonKind.Array ? FindReason(value.EnumerateElements(), steps[(fan + 1)..], work) : DoubtReason.WrongStep;
    }

    private DoubtReason? FindReason(JsonValue.ElementEnumerator elements, ReadOnlySpan<PathStep> steps, WorkBudget work)
    {
        foreach (JsonValue element in elements)
        {
            if (work.TrySpend(StepCosts.FannedElement) && FindReason(element, steps, work) is { } reason)
            {
                return reason;
            }

            if (work.IsSpent)
            {
                break;
            }
        }

        return null;
    }

    private Judgement JudgeNothing(int token, in CallFacts facts)
    {
        if (token != PathSteps.Missing)
        {
            return Judgement.Unjudgeable;
        }

        if (_isOptional)
        {
            return Judgements.Of(_mustHold);
        }

        return _root == PathRoot.Arguments ? WhenMissing(_mustHold, facts) : WhenNotGiven;
    }

    private Judgement JudgeEmpty(in CallFacts facts) => _isOptional ? Judgements.Of(_mustHold) : WhenEmpty(facts);

    /// <summary>Where the rule must hold, every element must satisfy the condition; elsewhere one is enough.</summary>
    private Judgement? Join(JsonValue array, ReadOnlySpan<PathStep> steps, in CallFacts facts)
    {
        // Paths and arguments may be as deep as the host allows: what the stack doesn't hold is denied.
        RuntimeHelpers.EnsureSufficientExecutionStack();
        Judgement decisive = Judgements.Of(!_mustHold);
        Judgement? joined = null;
        foreach (JsonValue element in array.EnumerateElements())
        {
            if (!facts.Scratch.Work.TrySpend(StepCosts.FannedElement))
            {
                return Judgement.Unjudgeable;
            }

            if (FanOut(element, steps, facts) is { } judgement)
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
