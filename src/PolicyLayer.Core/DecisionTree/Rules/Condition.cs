using System.Runtime.CompilerServices;
using PolicyLayer.Calls;
using PolicyLayer.DecisionTree.Paths;
using PolicyLayer.DecisionTree.Reading;
using PolicyLayer.Grammars;
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

    /// <summary>The place of the path up to its first <c>[*]</c> in the entry's table: conditions on one argument have the same.</summary>
    public int Place => _place;

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

    /// <summary>Whether words about another condition would be the same: they name path, operator and what is needed.</summary>
    public bool NamesTheSame(Condition other) =>
        ReferenceEquals(this, other)
        || (_place == other._place && !_path.FansOut && !other._path.FansOut && Operator == other.Operator && NeedOfKind == other.NeedOfKind
            && Need == other.Need);

    /// <summary>Why the condition stands against a call that it was judged for so.</summary>
    public Cause FindCause(in CallFacts facts, Judgement judged)
    {
        int token = facts.Resolve(_place);
        if (judged != Judgement.Unjudgeable)
        {
            return new Cause(this, _isOptional ? CauseKind.Judged : FindAbsence(facts, token, judged));
        }

        if (token == PathSteps.Unjudgeable)
        {
            return DoubtOfSteps(_path.Head, facts.ValueAt(_root, 0), facts);
        }

        if (token == PathSteps.Missing && _root != PathRoot.Arguments)
        {
            return new Cause(this, CauseKind.NotGiven);
        }

        if (FindOperandDoubt(facts) is { } operand)
        {
            return new Cause(this, operand);
        }

        Cause? doubt = token < 0 ? null : FindDoubt(facts.ValueAt(_root, token), _path.Tail, facts);
        return doubt ?? new Cause(this, CauseKind.Unreadable);
    }

    /// <summary>Whether the operator can judge values of a kind.</summary>
    protected abstract bool Takes(JsonKind kind);

    /// <summary>What is wrong with an operand that should come from the call; null if nothing is.</summary>
    protected virtual CauseKind? FindOperandDoubt(in CallFacts facts) => null;

    /// <summary>Why a value of a kind that the operator takes can't be judged, where there is more to say than what it needs.</summary>
    protected virtual Obstacle? FindObstacle(in JsonValue value, in CallFacts facts) => null;

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
        facts.Scratch.Work.Left -= StepCosts.OfLooking(steps.Length);
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

    /// <summary>Whether it is that the call gives nothing, of a condition that could be judged.</summary>
    private CauseKind FindAbsence(in CallFacts facts, int token, Judgement judged)
    {
        CauseKind kind = token == PathSteps.Missing ? CauseKind.Missing : CauseKind.Judged;
        if (token >= 0 && _path.FansOut)
        {
            kind = FindAbsence(facts.ValueAt(_root, token), _path.Tail, facts.Scratch.Work);
        }

        // Of a condition that what is missing satisfies, other elements decided.
        bool isReason = kind switch
        {
            CauseKind.Missing => (_root == PathRoot.Arguments ? WhenMissing(_mustHold, facts) : WhenNotGiven) == judged,
            CauseKind.NoElement => WhenEmpty(facts) == judged,
            _ => false,
        };
        if (!isReason)
        {
            return CauseKind.Judged;
        }

        return kind == CauseKind.Missing && _root != PathRoot.Arguments ? CauseKind.NotGiven : kind;
    }

    private static CauseKind FindAbsence(JsonValue start, ReadOnlySpan<PathStep> steps, WorkBudget work)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        int fan = steps.IndexOfAllElements();
        int token = (fan < 0 ? steps : steps[..fan]).Follow(start, work);
        JsonValue value = token < 0 ? default : start.At(token);
        if (token == PathSteps.Missing || (fan >= 0 && value.Kind == JsonKind.Null))
        {
            return CauseKind.Missing;
        }

        if (fan < 0 || value.Kind != JsonKind.Array)
        {
            return CauseKind.Judged;
        }

        CauseKind all = CauseKind.NoElement;
        foreach (JsonValue element in value.EnumerateElements())
        {
            CauseKind one = work.TrySpend(StepCosts.FannedElement) ? FindAbsence(element, steps[(fan + 1)..], work) : CauseKind.Judged;
            if (one == CauseKind.Missing || work.IsSpent)
            {
                return one;
            }

            all = one == CauseKind.Judged ? one : all;
        }

        return all;
    }

    private Cause DoubtOfSteps(ReadOnlySpan<PathStep> steps, JsonValue start, in CallFacts facts) =>
        new(this, steps.MeetsCaseVariant(start, facts.Scratch.Work) ? CauseKind.CaseVariant : CauseKind.WrongStep);

    /// <summary>The first reason to doubt; null where there is none.</summary>
    private Cause? FindDoubt(JsonValue start, ReadOnlySpan<PathStep> steps, in CallFacts facts)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        int fan = steps.IndexOfAllElements();
        ReadOnlySpan<PathStep> head = fan < 0 ? steps : steps[..fan];
        int token = head.Follow(start, facts.Scratch.Work);
        if (token == PathSteps.Unjudgeable)
        {
            return DoubtOfSteps(head, start, facts);
        }

        JsonValue value = token < 0 ? default : start.At(token);
        if (value.Kind == JsonKind.None || (value.Kind == JsonKind.Null && (fan >= 0 || _isOptional)))
        {
            return _root == PathRoot.Arguments || _isOptional ? null : new Cause(this, CauseKind.NotGiven);
        }

        if (fan < 0)
        {
            return FindDoubt(value, facts);
        }

        return value.Kind == JsonKind.Array
            ? FindDoubt(value.EnumerateElements(), steps[(fan + 1)..], facts)
            : new Cause(this, CauseKind.WrongStep);
    }

    private Cause? FindDoubt(in JsonValue value, in CallFacts facts)
    {
        if (!Takes(value.Kind))
        {
            return new Cause(this, CauseKind.WrongKind);
        }

        if (Test(value, facts) != Judgement.Unjudgeable)
        {
            return null;
        }

        return FindObstacle(value, facts) is { } obstacle
            ? new Cause(this, obstacle.IsNeed ? CauseKind.Needed : CauseKind.Obstructed, obstacle.Words)
            : new Cause(this, CauseKind.Unreadable);
    }

    private Cause? FindDoubt(JsonValue.ElementEnumerator elements, ReadOnlySpan<PathStep> steps, in CallFacts facts)
    {
        WorkBudget work = facts.Scratch.Work;
        foreach (JsonValue element in elements)
        {
            if (work.TrySpend(StepCosts.FannedElement) && FindDoubt(element, steps, facts) is { } doubt)
            {
                return doubt;
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
