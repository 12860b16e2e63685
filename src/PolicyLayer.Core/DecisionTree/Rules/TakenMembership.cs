using PolicyLayer.Calls;
using PolicyLayer.DecisionTree.Reading;
using PolicyLayer.Json.Values;

namespace PolicyLayer.DecisionTree.Rules;

/// <summary><c>in</c> and <c>not_in</c> with an array from the call.</summary>
internal sealed class TakenMembership(ConditionTarget target, OperandSource source, bool isNegated) : TakenCondition(target, source)
{
    public override string Operator => isNegated ? "not_in" : "in";

    public override string Need => $"of a kind that `{OperandPath}` lists, numbers of at most 15 digits";

    public override string OperandNeed => Needs.Kind(JsonKind.Array);

    protected override bool Takes(JsonKind kind) => true;

    protected override Judgement Test(in JsonValue argument, in JsonValue operand, CallScratch scratch)
    {
        Judgement judgement = operand.Kind == JsonKind.Array ? Compare(argument, operand, scratch) : Judgement.Unjudgeable;
        return isNegated ? judgement.Not() : judgement;
    }

    protected override bool Takes(in JsonValue operand, CallScratch scratch) => operand.Kind == JsonKind.Array;

    protected override Judgement WhenMissing(bool mustHold) => Judgements.Of(isNegated && !mustHold);

    private static Judgement Compare(in JsonValue argument, in JsonValue list, CallScratch scratch)
    {
        Judgement? any = null;
        foreach (JsonValue element in list.EnumerateElements())
        {
            if (!scratch.Work.TrySpend(StepCosts.Comparison))
            {
                return Judgement.Unjudgeable;
            }

            if (argument.Kind.IsSameKindAs(element.Kind))
            {
                Judgement judgement = TakenEquality.JudgeEqual(argument, element, scratch);
                if (judgement == Judgement.True)
                {
                    return Judgement.True;
                }

                any = any is { } before ? before.Or(judgement) : judgement;
            }
        }

        // Nothing is in an empty list; of the kind of no element it is unjudgeable.
        return any ?? (list.CountChildren(limit: 1) == 0 ? Judgement.False : Judgement.Unjudgeable);
    }
}
